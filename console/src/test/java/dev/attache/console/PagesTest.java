package dev.attache.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.console.command.Invocation;
import dev.attache.server.AttacheServer;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.log.LogLevel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the pages say of commands and of the admin port is so: commands and flags exist, paths
 * answer, and the worked example of docs/explain.md prints what stands there.
 */
final class PagesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> PAGES =
            List.of(
                    "docs/explain.md",
                    "docs/console.md",
                    "docs/admin.md",
                    "docs/operations.md",
                    "docs/web.md",
                    "README.md");

    private static final Pattern COMMAND =
            Pattern.compile(
                    "(?:^|[`$ ./])attache (explain|xds|top)\\b([^`\\n]*)", Pattern.MULTILINE);
    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])(--?[a-zA-Z][a-z0-9-]*)");

    /** Of the proxy's own pages; what is below {@code /ui/} is files and data of the page there. */
    private static final Pattern PATH = Pattern.compile("(?:`|GET |POST )(/[a-z_]+(?:/[a-z_]+)?)");

    private static final Pattern NO_PAGES = Pattern.compile("/(ui|var|etc|usr|cart).*");

    @Test
    void eachCommandThatIsNamedHasTheFlags() throws Exception {
        int checked = 0;
        for (String page : PAGES) {
            Matcher command = COMMAND.matcher(read(page));
            while (command.find()) {
                String help = run(command.group(1), "--help");
                Matcher flag = FLAG.matcher(command.group(2).replaceAll("'[^']*'", ""));
                while (flag.find()) {
                    assertThat(help).as(page).containsPattern(whole(flag.group(1)));
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(5);
    }

    /** The tables of flags, beside what the commands say of themselves. */
    @Test
    void eachFlagOfTheTablesExists() throws Exception {
        for (String flag : tabled("docs/explain.md")) {
            assertThat(run("explain", "--help")).containsPattern(whole(flag));
        }
        for (String flag : tabled("docs/console.md")) {
            for (String command : List.of("explain", "xds", "top")) {
                assertThat(run(command, "--help")).containsPattern(whole(flag));
            }
        }
        Matcher asked = Pattern.compile("--[a-z][a-z0-9-]+").matcher(run("explain", "--help"));
        while (asked.find()) {
            String said = read("docs/explain.md") + read("docs/console.md");
            assertThat(whole(asked.group()).matcher(said).find()).as(asked.group()).isTrue();
        }
    }

    private static Set<String> tabled(String page) throws IOException {
        Set<String> flags = new TreeSet<>();
        for (String line : read(page).lines().filter(text -> text.startsWith("| `-")).toList()) {
            Matcher flag = FLAG.matcher(line.split("\\|", -1)[1]);
            while (flag.find()) {
                flags.add(flag.group(1));
            }
        }
        assertThat(flags).as(page).hasSizeGreaterThan(5);
        return flags;
    }

    private static Pattern whole(String flag) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(flag) + "(?![\\w-])");
    }

    @Test
    void eachPathThatIsNamedIsThere() throws Exception {
        ServerOptions options =
                ServerOptions.builder()
                        .configYaml(
                                "admin: {address: {socket_address: {address: 127.0.0.1,"
                                        + " port_value: 0}}}")
                        .concurrency(1)
                        .logLevel(LogLevel.OFF)
                        .build();
        try (AttacheServer server = AttacheServer.start(options)) {
            String at = "http://" + Objects.requireNonNull(server.adminAddress());
            Set<String> named = new TreeSet<>();
            for (String page : PAGES) {
                Matcher path = PATH.matcher(read(page));
                while (path.find()) {
                    named.add(path.group(1));
                }
            }
            named.removeIf(path -> NO_PAGES.matcher(path).matches());
            assertThat(named).hasSizeGreaterThan(8);
            for (String path : named) {
                // What wants POST says so, and does nothing.
                assertThat(status(at + path)).as(path).isIn(200, 400, 405);
            }
        }
    }

    private static int status(String url) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(url))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        }
    }

    /** Commands without a file are asked of the one of this test; dots leave lines out. */
    @Test
    void theWorkedExampleIsWhatIsPrinted(@TempDir Path directory) throws Exception {
        String config = resource();
        Path today = Files.writeString(directory.resolve("today.yaml"), config);
        Path corrected =
                Files.writeString(
                        directory.resolve("envoy.yaml"),
                        config.replaceAll(", query_parameters: .*}\\]", ""));
        int checked = 0;
        for (List<String> block : blocks()) {
            String command = block.getFirst();
            if (command.contains("--request-id") || command.contains("--peer")) {
                continue;
            }
            boolean file = command.contains("-c envoy.yaml");
            List<String> words = words(command.replace("-c envoy.yaml ", ""));
            words.addAll(List.of("-c", (file ? corrected : today).toString()));
            List<String> printed = run(words.toArray(new String[0])).lines().toList();
            assertInOrder(block.subList(1, block.size()), printed);
            checked++;
        }
        assertThat(checked).isEqualTo(2);
    }

    private static void assertInOrder(List<String> shown, List<String> printed) {
        int at = 0;
        boolean gap = false;
        for (String line : shown) {
            if (line.equals("...")) {
                gap = true;
                continue;
            }
            int found = printed.subList(at, printed.size()).indexOf(line);
            assertThat(found).as("'%s' in %s", line, printed).isNotNegative();
            assertThat(gap || found == 0).as("lines are left out before '%s'", line).isTrue();
            at += found + 1;
            gap = false;
        }
    }

    /** The blocks of docs/explain.md that begin with a command. */
    private static List<List<String>> blocks() throws IOException {
        List<List<String>> blocks = new ArrayList<>();
        for (String block : read("docs/explain.md").split("\n\n", -1)) {
            if (block.startsWith("    $ attache ")) {
                blocks.add(block.lines().map(line -> line.substring(4)).toList());
            }
        }
        return blocks;
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("'([^']*)'|(\\S+)").matcher(command);
        while (word.find()) {
            words.add(word.group(1) == null ? word.group(2) : word.group(1));
        }
        return new ArrayList<>(words.subList(2, words.size()));
    }

    private static String resource() throws IOException {
        try (var in = PagesTest.class.getResourceAsStream("/explain-page.yaml")) {
            return new String(
                    Objects.requireNonNull(in, "explain-page.yaml").readAllBytes(),
                    StandardCharsets.UTF_8);
        }
    }

    private static String read(String page) throws IOException {
        return Files.readString(ROOT.resolve(page));
    }

    private static String run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Console.run(List.of(arguments), new Invocation(stream, stream, Map.of()));
        return out.toString(StandardCharsets.UTF_8);
    }
}
