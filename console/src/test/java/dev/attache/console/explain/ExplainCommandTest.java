package dev.attache.console.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.stream.format.json.ExplanationJson;
import dev.attache.testkit.OneListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplainCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The port is taken by somebody else. */
    @Test
    void aFileIsExplainedWithoutOpeningAPort(@TempDir Path directory) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            explainsWithout(taken.getLocalPort(), directory);
        }
    }

    private void explainsWithout(int port, Path directory) throws Exception {
        String text =
                OneListener.plain()
                        .port(port)
                        .routes(
                                "[shop.example]",
                                "{name: post, match: {prefix: /, headers: [{name: \":method\","
                                        + " string_match: {exact: POST}}]}, direct_response:"
                                        + " {status: 200}}",
                                "{name: rest, match: {prefix: /}, direct_response: {status: 404}}");
        Path file = Files.writeString(directory.resolve("envoy.yaml"), text);
        int code = run("-c", file.toString(), "-o", "json", "http://shop.example/x");
        Explanation said = ReadExplanation.of(JsonParser.parseString(text()));
        assertThat(said.part("route").text("name")).isEqualTo("rest");
        assertThat(said.toString()).contains("{name=post, position=0").contains("found=GET");
        assertThat(code).isEqualTo(ExitCode.DONE);
        out.reset();
        assertThat(run("-c", file.toString(), "http://other/")).isEqualTo(ExitCode.NOT_WELL);
        assertThat(text()).contains("no domain of its virtual hosts is the request's");
        out.reset();
        run("-c", file.toString(), "--http2", "--peer", "spiffe://td/a", "http://shop.example/x");
        assertThat(text()).contains("the client speaks TLS, which the chain passes on as it is");
    }

    @Test
    void whatCannotBeAskedIsUsage() {
        assertThatThrownBy(() -> run()).isInstanceOf(UsageException.class);
        assertThatThrownBy(() -> run("/a", "/b"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/b");
        assertThatThrownBy(() -> run("-c", "none", "--destination", "x", "/"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("destination");
        assertThatThrownBy(() -> run("--client-cert", "/none.pem", "/"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("/none.pem");
        assertThatThrownBy(() -> run("-c", "none", "--peer", "CN=\u00e9,", "/"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("peer");
        assertThatThrownBy(() -> run("-c", "none", "--request-id", "x"))
                .isInstanceOf(UsageException.class);
    }

    @Test
    void aFileThatIsRefusedSaysWhy() {
        assertThatThrownBy(() -> run("-c", "/none/envoy.yaml", "/"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/none/envoy.yaml");
    }

    @Test
    void whatAProxyHasPrintedIsReadAsItWas() throws IOException {
        Explanation said = new Explanation().say("text", "\u00e9").say("number", 7).say("is", true);
        said.say("texts", List.of("a", "b")).empty("none").part("part").say("x", "y");
        said.item("items").say("name", "n").item("deeper").say("z", 1);
        String json = ExplanationJson.pretty(said);
        Explanation read = ReadExplanation.of(JsonParser.parseString(json));
        assertThat(ExplanationJson.pretty(read)).isEqualTo(json);
    }

    private int run(String... arguments) throws UsageException, IOException {
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        return ExplainCommand.command()
                .run(List.of(arguments), new Invocation(stream, stream, Map.of()));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
