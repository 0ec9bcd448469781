// java -cp rome.jar:jdom2.jar:slf4j-api.jar Read.java <file>: what ROME (Liferay, Java portals) reads, as JSON.
import com.rometools.rome.feed.synd.*;
import com.rometools.rome.io.*;
import java.io.*;
import java.util.*;
import java.util.stream.*;

public class Read {
    public static void main(String[] given) throws Exception {
        SyndFeed feed = new SyndFeedInput().build(new XmlReader(new File(given[0])));
        List<String> rows = new ArrayList<>();
        for (SyndEntry entry : feed.getEntries()) {
            String image = entry.getEnclosures().isEmpty() ? null : entry.getEnclosures().get(0).getUrl();
            String content = entry.getContents().stream().map(SyndContent::getValue).collect(Collectors.joining());
            Date updated = entry.getUpdatedDate();
            rows.add("{" + member("id", entry.getUri()) + "," + member("title", entry.getTitle()) + "," + member("link", entry.getLink()) + ","
                + member("date", entry.getPublishedDate().toInstant().toString()) + ","
                + (updated == null ? "" : member("updated", updated.toInstant().toString()) + ",")
                + member("content", content) + "," + member("image", image) + "," + member("author", entry.getAuthor()) + "}");
        }
        new PrintStream(System.out, true, "UTF-8").print("[" + String.join(",", rows) + "]");
    }

    static String member(String name, String text) {
        if (text == null) return "\"" + name + "\":null";
        StringBuilder said = new StringBuilder("\"" + name + "\":\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') said.append('\\').append(c);
            else if (c < ' ') said.append(String.format("\\u%04x", (int) c));
            else said.append(c);
        }
        return said.append('"').toString();
    }
}
