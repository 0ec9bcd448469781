import { page, text } from "./shared.js";

export const render = ({ title, content, page: { url } }) => page({ title, address: url, main: `<h1>${text(title)}</h1>\n${content}` });
