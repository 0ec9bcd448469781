// Lists by unit, field, kind, campaign and year, and for each story the three that it is most like: each made once a build.
const PER_PAGE = 20, NEAR = 12, RELATED = 3;
const newestFirst = (one, other) => other.date - one.date || (one.url < other.url ? -1 : 1);

function listsOf(stories) {
  const lists = new Map();
  for (const story of stories)
    for (const [kind, terms] of Object.entries(story.data.terms))
      for (const term of terms) {
        const address = `${kind}/${term}`;
        if (!lists.has(address)) lists.set(address, { kind, term, address, stories: [] });
        lists.get(address).stories.push(story);
      }
  lists.set("guong", { kind: "", term: "", address: "guong", stories });
  return [...lists.values()];
}

export default function (config) {
  config.addPassthroughCopy("content/photos");
  config.addCollection("stories", (api) => {
    const stories = api.getFilteredByTag("story").sort(newestFirst);
    return Object.assign(stories, { places: new Map(stories.map(({ url }, at) => [url, at])) });
  });
  config.addCollection("lists", (api) => listsOf(api.getFilteredByTag("story").sort(newestFirst)));
  config.addCollection("pagesOfLists", (api) =>
    listsOf(api.getFilteredByTag("story").sort(newestFirst)).flatMap((list) => {
      const count = Math.ceil(list.stories.length / PER_PAGE);
      return Array.from({ length: count }, (_, n) => ({
        ...list, number: n + 1, count, stories: list.stories.slice(n * PER_PAGE, (n + 1) * PER_PAGE),
      }));
    }));
  // the nearest in time on each list of a story, those on most of its lists first: what grows with the stories, not with their square
  config.addCollection("related", (api) => {
    const shared = new Map();
    for (const { kind, stories } of listsOf(api.getFilteredByTag("story").sort(newestFirst))) {
      if (kind !== "phong-trao" && kind !== "don-vi") continue;
      stories.forEach((story, at) => {
        if (!shared.has(story.url)) shared.set(story.url, new Map());
        const found = shared.get(story.url);
        for (let near = Math.max(0, at - NEAR); near < Math.min(stories.length, at + NEAR + 1); near++)
          if (near !== at) found.set(stories[near], (found.get(stories[near]) ?? 0) + 1);
      });
    }
    return [Object.fromEntries([...shared].map(([url, found]) =>
      [url, [...found].sort((one, other) => other[1] - one[1] || newestFirst(one[0], other[0])).slice(0, RELATED).map(([story]) => story)]))];
  });
  return { dir: { input: "content", output: "out", includes: "_includes" }, pathPrefix: "/guong-sang/", markdownTemplateEngine: false };
}
