package dev.attache.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The bounds that a configuration gives histograms. */
final class HistogramBucketsTest {
    @Test
    void boundsAreForgottenBeforeTheyAreTooMany() {
        HistogramBuckets buckets =
                new HistogramBuckets(
                        List.of(new HistogramBuckets.Setting(name -> true, List.of(1.0, 2.0))));
        for (int i = 0; i < 100_010; i++) {
            assertThat(buckets.of("h" + i)).hasSize(2);
        }
        assertThat(buckets.of("x".repeat(HistogramBuckets.LONGEST_KNOWN + 1))).hasSize(2);
        assertThat(buckets.known()).isEqualTo(10);
    }
}
