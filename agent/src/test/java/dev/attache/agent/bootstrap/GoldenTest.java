package dev.attache.agent.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.attache.agent.document.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Golden files of Istio's own tests, with their {@code cases.json}, in the folder that {@code
 * -Dattache.goldens} names; by our template, and by those that {@code -Dattache.templates} names,
 * parted by commas.
 */
class GoldenTest {

    @TempDir Path scratch;

    @TestFactory
    List<DynamicTest> goldens() throws Exception {
        String folder = System.getProperty("attache.goldens", "");
        assumeTrue(!folder.isEmpty(), "no folder of golden files is named");
        List<String> templates = new ArrayList<>(List.of(""));
        String named = System.getProperty("attache.templates", "");
        templates.addAll(named.isEmpty() ? List.of() : List.of(named.split(",")));
        List<DynamicTest> tests = new ArrayList<>();
        List<?> cases = (List<?>) Json.parse(Files.readString(Path.of(folder, "cases.json")));
        for (String template : templates) {
            for (Object one : cases) {
                Map<String, Object> given = GoldenCase.map(one);
                String name = GoldenCase.text(given, "name") + " " + template;
                Path golden = Path.of(folder, GoldenCase.text(given, "golden"));
                tests.add(DynamicTest.dynamicTest(name, () -> same(given, template, golden)));
            }
        }
        return tests;
    }

    private void same(Map<String, Object> given, String template, Path golden) throws Exception {
        GoldenCase one = new GoldenCase(given, Files.createTempDirectory(scratch, "case"));

        String made = one.made(template);

        assertThat(Json.print(one.normal(made)))
                .isEqualTo(Json.print(one.normal(Files.readString(golden))));
        Map<String, Object> expected = GoldenCase.map(given.get("expect"));
        Map<String, List<String>> stats = GoldenCase.statsMatcher(made);
        assertThat(stats.get("prefix")).isEqualTo(GoldenCase.texts(expected.get("stats_prefixes")));
        assertThat(stats.get("suffix")).isEqualTo(GoldenCase.texts(expected.get("stats_suffixes")));
        assertThat(stats.get("safe_regex"))
                .isEqualTo(GoldenCase.texts(expected.get("stats_regexps")));
    }
}
