package dev.attache.filters.istio.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SeriesTableTest {
    private final SeriesTable table = new SeriesTable(0);

    @Test
    void equalValuesAreTheSameSeriesWhateverObjectsTheyAre() {
        Series first = table.find(new @Nullable String[] {"a", null, "b"});
        assertThat(table.find(new @Nullable String[] {new String("a"), null, "b"})).isSameAs(first);
        assertThat(table.find(new @Nullable String[] {"a", "", "b"})).isNotSameAs(first);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void whatIsFoundAgainIsTheSameThroughGrowthAndTheTableIsBounded() {
        @Nullable String[] values = {"", "x"};
        Series[] made = new Series[SeriesTable.MOST_KEPT];
        for (int i = 0; i < made.length; i++) {
            values[0] = Integer.toString(i);
            made[i] = table.find(values);
        }
        for (int i = 0; i < made.length; i++) {
            values[0] = Integer.toString(i);
            assertThat(table.find(values)).isSameAs(made[i]);
        }
        values[0] = "one more";
        table.find(values);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void soIsTheTextThatItKeeps() {
        String half = "x".repeat((int) SeriesTable.MOST_TEXT / 2);
        table.find(new @Nullable String[] {half});
        table.find(new @Nullable String[] {half.replaceFirst("x", "y")});
        assertThat(table.size()).isEqualTo(2);
        table.find(new @Nullable String[] {"z"});
        assertThat(table.size()).as("the text of both was as much as may be").isEqualTo(1);
        Series longer = table.find(new @Nullable String[] {half, half, half});
        assertThat(table.find(new @Nullable String[] {half, half, half})).isSameAs(longer);
    }
}
