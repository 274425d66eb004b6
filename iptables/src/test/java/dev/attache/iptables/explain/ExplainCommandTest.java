package dev.attache.iptables.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections walked through planned rules; no kernel is asked. */
class ExplainCommandTest {
    private static final String FLAGS =
            "-u 1337 -i * -x 10.9.0.0/16 -b * -d 15021 -o 22 -c eth9 --redirect-dns"
                    + " --capture-all-dns --dual-stack";

    /** A host where everything leaves by eth0 and is reached by eth0. */
    private static Programs.Answer answer(
            List<String> command, String input, Map<String, String> environment)
            throws IOException {
        if (!command.getFirst().equals("ip")) {
            throw new IOException("no " + command.getFirst());
        }
        return new Programs.Answer(
                0,
                command.contains("route") ? "10.0.0.9 dev eth0 src 10.0.0.2" : "2: eth0 inet",
                "");
    }

    private static String explain(String question, String flags) throws BadInput {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        FakeHost host =
                new FakeHost(
                        Map.of(),
                        FakeHost.addresses(List.of("127.0.0.1", "10.0.0.2", "::1", "2001:db8::2")),
                        List.of());
        List<String> args = new ArrayList<>(List.of(question.split(" ")));
        args.add("--");
        args.addAll(List.of(flags.split(" ")));
        new ExplainCommand(host, ExplainCommandTest::answer, out).run(args);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app 10.0.0.9 80 | captured: goes to local port 15001; SO_ORIGINAL_DST there says"
                        + " 10.0.0.9:80",
                "app 2001:db8::9 80 | captured: goes to local port 15001; SO_ORIGINAL_DST there says"
                        + " [2001:db8::9]:80",
                "proxy 10.0.0.9 80 | not captured: it goes straight to 10.0.0.9:80",
                "app 10.9.1.1 80 | not captured: it goes straight to 10.9.1.1:80",
                "app 10.0.0.9 22 | not captured: it goes straight to 10.0.0.9:22",
                "app 10.0.0.9 80 --interface eth9 | not captured: it goes straight to 10.0.0.9:80",
                "app 10.0.0.9 53 --udp | captured: goes to local port 15053; SO_ORIGINAL_DST there says"
                        + " 10.0.0.9:53",
                "app 10.0.0.9 53 | captured: goes to local port 15053; SO_ORIGINAL_DST there says"
                        + " 10.0.0.9:53",
                "proxy 10.0.0.9 53 --udp | not captured: it goes straight to 10.0.0.9:53",
                "app 10.0.0.2 8080 | not captured: the application at 10.0.0.2:8080 gets it directly",
                "proxy 10.0.0.2 8080 | captured: goes to local port 15006; SO_ORIGINAL_DST there says"
                        + " 10.0.0.2:8080",
                "app 127.0.0.1 80 | not captured: the application at 127.0.0.1:80 gets it directly",
                "10.0.0.7 10.0.0.2 8080 | captured: goes to local port 15006; SO_ORIGINAL_DST there says"
                        + " 10.0.0.2:8080",
                "10.0.0.7 10.0.0.2 15021 | not captured: the application at 10.0.0.2:15021 gets it"
                        + " directly",
                "10.0.0.7 10.0.0.2 8080 --interface eth9 | not captured: the application at"
                        + " 10.0.0.2:8080 gets it directly",
            })
    void bothDialectsGiveTheSameAnswer(String question, String expected) throws BadInput {
        assertThat(explain(question, FLAGS)).contains("=> " + expected);
        assertThat(explain(question, FLAGS + " --native-nftables")).contains("=> " + expected);
    }

    @ParameterizedTest
    @CsvSource({"''", "' --native-nftables'"})
    void tproxyKeepsAddresses(String more) throws BadInput {
        String flags = "-u 0 -g 1337 -m TPROXY -b * -i * --drop-invalid --dual-stack" + more;
        String tproxy = "=> captured by TPROXY: the socket at port 15006 gets it with both";
        assertThat(explain("10.0.0.7 10.0.0.2 80", flags)).contains(tproxy);
        assertThat(explain("2001:db8::7 2001:db8::2 80", flags)).contains(tproxy);
        assertThat(explain("app 10.0.0.2 80 --uid 1000 --gid 1000", flags))
                .as("an application calling itself is left alone")
                .contains("=> not captured");
    }

    @Test
    void saysWhyARuleDoesNotApply() throws BadInput {
        assertThat(explain("app 10.0.0.9 80", FLAGS))
                .contains("-m owner --uid-owner 1337 -j RETURN   -- no: its user is 0")
                .contains("-d 10.9.0.0/16 -j RETURN   -- no: it goes to 10.0.0.9")
                .contains("-o eth9 -j RETURN   -- no: it leaves by eth0");
    }

    @ParameterizedTest
    @CsvSource({"app 10.0.0.9", "app 10.0.0.9 80 90", "app host 80", "app 10.0.0.9 http", "-x y 1"})
    void refusesWhatIsNoQuestion(String question) {
        assertThatThrownBy(() -> explain(question, FLAGS)).isInstanceOf(BadInput.class);
    }
}
