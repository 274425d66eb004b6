package dev.attache.conformance.generated;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Random requests, until there are enough: the access log and {@code /explain} say the same. */
final class ExplainAgreement {

    private static final int CASES_OF_A_START = 16;

    private ExplainAgreement() {}

    /**
     * Compares that many requests: of each start half of the cases are tables of routes, the others
     * are of the generated comparison's areas.
     */
    static void compare(int requests, long firstSeed, Path directory) throws Exception {
        List<String> differences = new ArrayList<>();
        int compared = 0;
        int forwarded = 0;
        int overTls = 0;
        int overHttp2 = 0;
        long seed = firstSeed;
        for (int round = 0; compared < requests; round++) {
            Path own = Files.createDirectories(directory.resolve("start-" + round));
            ExplainedStart start = new ExplainedStart(own);
            for (int i = 0; i < Math.min(CASES_OF_A_START, 1 + requests / 20); seed++) {
                Map<String, Object> made = i % 2 == 0 ? routes(seed) : Generator.make(seed);
                if (ExplainedStart.isPlain(made)) {
                    start.add(Generator.name(seed), made);
                    i++;
                }
            }
            start.run();
            differences.addAll(start.differences());
            compared += start.compared();
            forwarded += start.forwarded();
            overTls += start.overTls();
            overHttp2 += start.overHttp2();
        }
        assertThat(differences)
                .as("of %d requests, %d of which came to a host", compared, forwarded)
                .isEmpty();
        assertThat(forwarded).isGreaterThan(compared / 4);
        assertThat(overTls).as("with certificates").isGreaterThan(compared / 4);
        assertThat(overHttp2).as("over HTTP/2").isGreaterThan(compared / 4);
    }

    private static Map<String, Object> routes(long seed) {
        Draft draft = new Draft(Generator.name(seed), new Chance(seed));
        new RouteTables().write(draft);
        return draft.finished();
    }
}
