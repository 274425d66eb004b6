package dev.attache.server.admin.stats;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever form an expression has, what is found is what RE2 finds. */
final class NameFilterTest {

    private static final List<String> PATTERNS =
            List.of(
                    "^cluster\\..*\\.(rq_total|cx_active)$",
                    "^cluster\\.a.*\\.(rq_total)$",
                    "^.*\\.(rq_total|b)$",
                    "^(cluster\\.a\\.rq_total|cluster\\.b|a)$",
                    "^(a|)$",
                    "^cluster\\.a",
                    "^cluster\\.?a",
                    "^cluster\\.a*",
                    "^cluster\\.a|b",
                    "^cluster\\.[ab]\\.rq",
                    "^clus\\w",
                    "^a{0,1}",
                    "(?i)^CLUSTER",
                    "rq_total$",
                    "cluster",
                    "^cluster\\..*\\.(rq_total|cx_active)",
                    "^cluster\\..*\\.(rq_total|c.*)$",
                    "^");

    private static final List<String> PARTS =
            List.of("cluster", "a", "b", "rq_total", "cx_active", "", "x\n", "aa", "rq");

    @Test
    void whatIsFoundIsWhatRe2Finds() {
        List<String> names = names();
        for (String text : PATTERNS) {
            NameFilter filter = NameFilter.of(text);
            Pattern pattern = Pattern.compile(text);
            for (String name : names) {
                boolean found = pattern.matcher(name).find();
                assertThat(filter.find(name)).as("%s in %s", text, name).isEqualTo(found);
                assertThat(!found || name.startsWith(filter.prefix()))
                        .as("prefix %s of %s in %s", filter.prefix(), text, name)
                        .isTrue();
            }
        }
    }

    @Test
    void theBeginningIsKnown() {
        assertThat(NameFilter.of(PATTERNS.getFirst()).prefix()).isEqualTo("cluster.");
        assertThat(NameFilter.of("^http\\.in\\.downstream").prefix())
                .isEqualTo("http.in.downstream");
        assertThat(NameFilter.of("cluster\\.").prefix()).isEmpty();
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            List<String> parts = new ArrayList<>();
            for (int j = random.nextInt(5); j >= 0; j--) {
                parts.add(PARTS.get(random.nextInt(PARTS.size())));
            }
            names.add(String.join(".", parts));
        }
        return names;
    }
}
