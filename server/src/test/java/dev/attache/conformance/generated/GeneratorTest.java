package dev.attache.conformance.generated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Tree;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class GeneratorTest {
    @Test
    void aSeedMeansTheSameCaseEachTime() {
        for (long seed = 1; seed <= 200; seed++) {
            assertThat(Tree.json(Generator.make(seed), false))
                    .isEqualTo(Tree.json(Generator.make(seed), false));
        }
    }

    @Test
    void neighboursAreOfEachAreaAndNotAlike() {
        List<Long> seeds = LongStream.rangeClosed(1, 96).boxed().toList();
        assertThat(seeds.stream().map(Generator::area).distinct()).hasSize(16);
        assertThat(seeds.stream().map(seed -> body(seed)).distinct()).hasSizeGreaterThan(90);
    }

    @Test
    void everyNameIsTheSeedsOwn() {
        for (long seed = 1; seed <= 90; seed++) {
            String own = Generator.name(seed);
            Map<String, Object> made = Generator.make(seed);
            assertThat(Tree.map(made.get("upstreams")).keySet())
                    .allMatch(name -> name.startsWith(own + "_"));
            assertThat(Tree.map(made.get("clusters")).keySet())
                    .allMatch(name -> name.startsWith(own + "_"));
        }
    }

    @Test
    void readsSeedsAndRanges() {
        assertThat(GeneratedMain.seeds("7,10-12")).containsExactly(7L, 10L, 11L, 12L);
    }

    private static String body(long seed) {
        return Tree.json(Generator.make(seed), false).replace(Generator.name(seed), "");
    }
}
