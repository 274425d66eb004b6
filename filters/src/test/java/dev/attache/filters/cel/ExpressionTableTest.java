package dev.attache.filters.cel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.cel.attribute.NodeMessage;
import dev.attache.filters.cel.function.FunctionOptions;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Tables of expressions with what Envoy 1.40 printed for each by {@code %CEL%}: {@code =} and the
 * text, {@code none} where it printed nothing, {@code refused} where it did not start.
 */
class ExpressionTableTest {

    @Test
    void expressionsComeToWhatEnvoyPrinted() throws IOException {
        assertThat(differences("expressions.tsv", FunctionOptions.NONE)).isEmpty();
    }

    @Test
    void functionsOfStringsWhereTheyAreAskedFor() throws IOException {
        assertThat(differences("strings.tsv", new FunctionOptions(true, true, true))).isEmpty();
    }

    @Test
    void whatPutsTextsTogetherHasABound() {
        String text = "'" + "x".repeat(2_000) + "'";
        FunctionOptions options = new FunctionOptions(true, true, true);
        assertThat(printed("size(" + text + ".replace('x', 'yyyy'))", options)).isEqualTo("= 8000");
        assertThat(printed("size(" + text + ".replace('', " + text + "))", options))
                .isEqualTo("none");
        assertThat(printed("size(" + text + ".split('').join(" + text + "))", options))
                .isEqualTo("none");
    }

    @Test
    void patternsThatOnlyTheEvaluationKnowsAreSmall() {
        FunctionOptions options = new FunctionOptions(true, true, true);
        assertThat(printed("'aaa'.matches('a{1' + '00}|a+')", options)).isEqualTo("= true");
        String large = "a{1000}".repeat(20);
        assertThat(printed("'aaa'.matches('" + large + "' + '|a')", options)).isEqualTo("none");
        assertThat(printed("'aaa'.matches('((a{10}){10}){10}b' + 'c')", options)).isEqualTo("none");
        String long1 = "x".repeat(2_000);
        assertThat(
                        printed(
                                "re.extract('" + long1 + "', '.*', '" + "\\\\0".repeat(600) + "')",
                                options))
                .isEqualTo("none");
        assertThat(
                        printed(
                                "size(re.extract('"
                                        + long1
                                        + "', '.*', '"
                                        + "\\\\0".repeat(6)
                                        + "'))",
                                options))
                .isEqualTo("= 12000");
    }

    @Test
    void timesAtTheBoundsHavePartsInEveryZone() {
        FunctionOptions options = new FunctionOptions(true, true, true);
        for (String seconds : List.of("31556889832694399", "-31557014135510400")) {
            for (String zone : List.of("", "'+23:59'", "'-23:59'", "'Asia/Tokyo'")) {
                assertThat(
                                printed(
                                        "timestamp(" + seconds + ").getHours(" + zone + ") >= 0",
                                        options))
                        .isIn("= true", "none");
            }
        }
    }

    @Test
    void timesThatNoneHoldsAreFaults() {
        String far = "(timestamp(31556889832694399) - timestamp(-31557014135510400))";
        String sum = String.join(" + ", Collections.nCopies(200, far));
        assertThat(printed(far + ".getSeconds()", FunctionOptions.NONE))
                .isEqualTo("= 63113903968204799");
        assertThat(printed("(" + sum + ").getSeconds()", FunctionOptions.NONE)).isEqualTo("none");
        assertThat(printed("timestamp(31556889832694399) + duration('1s')", FunctionOptions.NONE))
                .isEqualTo("none");
    }

    private static List<String> differences(String table, FunctionOptions options)
            throws IOException {
        List<String> differences = new ArrayList<>();
        int count = 0;
        for (String line : lines(table)) {
            String[] parts = line.split("\t", 2);
            String printed = printed(parts[0], options);
            count++;
            if (!printed.equals(parts[1])) {
                differences.add(parts[0] + ": Envoy " + parts[1] + ", here " + printed);
            }
        }
        assertThat(count).isPositive();
        return differences;
    }

    private static String printed(String expression, FunctionOptions options) {
        try {
            String text =
                    CelExpressionFactory.parse(expression, options, NodeMessage.UNKNOWN)
                            .text(context());
            return text == null ? "none" : "= " + Octets.text(text);
        } catch (CelException e) {
            return "refused";
        }
    }

    static FormatContext context() {
        IpAddress address = IpAddress.parse("192.0.2.1", 80);
        ConnectionInfo connection = new ConnectionInfo(0, 0, 0, address, address);
        return FormatContext.of(new StreamInfo(connection, 0, 0), null);
    }

    private static List<String> lines(String table) throws IOException {
        try (InputStream in = ExpressionTableTest.class.getResourceAsStream(table)) {
            String text =
                    new String(
                            Objects.requireNonNull(in, table).readAllBytes(),
                            StandardCharsets.UTF_8);
            return text.lines().filter(line -> !line.isBlank()).toList();
        }
    }
}
