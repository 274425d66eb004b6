package dev.attache.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class HistogramBinsTest {

    @Test
    void nothingRecordedHasNoQuantile() {
        assertThat(HistogramBins.EMPTY.quantile(0.5)).isNaN();
        assertThat(HistogramBins.EMPTY.count()).isZero();
    }

    @Test
    void oneSampleIsTheMiddleOfItsBinAtEveryQuantile() {
        HistogramBins three = of(3);
        for (double q : new double[] {0, 0.25, 0.5, 0.99, 1}) {
            assertThat(three.quantile(q)).isCloseTo(3.05, within(1e-9));
        }
        assertThat(of(10).quantile(0.5)).isCloseTo(10.5, within(1e-9));
        assertThat(of(1234).quantile(0.5)).isCloseTo(1250, within(1e-6));
        assertThat(of(0).quantile(0.5)).isZero();
    }

    @Test
    void severalSamplesAreSpreadEvenlyWithinTheirBin() {
        HistogramBins four = of(20, 20, 20, 20);
        assertThat(four.quantile(0.5)).isCloseTo(20.4, within(1e-9));
        assertThat(four.quantile(0.25)).isCloseTo(20.2, within(1e-9));
        assertThat(four.quantile(1)).isCloseTo(20.8, within(1e-9));
        HistogramBins apart = of(1, 100);
        assertThat(apart.quantile(0.5)).isCloseTo(1.05, within(1e-9));
        assertThat(apart.quantile(1)).isCloseTo(105, within(1e-6));
    }

    @Test
    void theSumTakesEachValueForTheWeightedMiddleOfItsBin() {
        assertThat(of(3).approximateSum()).isCloseTo(3.04918032786, within(1e-9));
        assertThat(of(0, 0).approximateSum()).isZero();
    }

    @Test
    void everyValueLiesInItsBin() {
        for (long value = 1; value < 200_000; value += 1 + value / 50) {
            double middle = of(value).quantile(0.5);
            assertThat(Math.abs(middle - value) / value)
                    .as("%d", value)
                    .isLessThanOrEqualTo(0.0501);
        }
        assertThat(of(Long.MAX_VALUE).quantile(0.5)).isCloseTo(9.25e18, within(1e12));
    }

    @Test
    void bucketsAreCumulative() {
        HistogramBins bins = of(0, 1, 5, 50, 500, 5000);
        assertThat(bins.countAtMost(0.5)).isEqualTo(1);
        assertThat(bins.countAtMost(10)).isEqualTo(3);
        assertThat(bins.countAtMost(1000)).isEqualTo(5);
        assertThat(bins.countAtMost(1e9)).isEqualTo(6);
    }

    @Test
    void differencesAndSumsAreBinByBin() {
        HistogramBins both = of(3).plus(of(700, 700));
        assertThat(both.count()).isEqualTo(3);
        assertThat(both.sum()).isEqualTo(1403);
        HistogramBins left = both.minus(of(700, 700));
        assertThat(left.count()).isEqualTo(1);
        assertThat(left.sum()).isEqualTo(3);
        assertThat(left.quantile(1)).isCloseTo(3.05, within(1e-9));
    }

    private static HistogramBins of(long... values) {
        long[] bins = new long[2000];
        long sum = 0;
        for (long value : values) {
            bins[HistogramBins.binOf(value)]++;
            sum += value;
        }
        return new HistogramBins(0, bins, sum);
    }
}
