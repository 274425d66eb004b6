package dev.attache.filters.istio.stats;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.stats.StatLabels;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which labels a metric has: for each its name, and where among a stream's values its own is. An
 * index beyond the standard labels is that of an expression. Immutable.
 */
record LabelRow(List<Place> places) {

    /**
     * One label.
     *
     * @param index of its value
     */
    record Place(String label, int index) {}

    LabelRow {
        places = List.copyOf(places);
    }

    /** As characters. Labels that have no value in this stream are left out. */
    StatLabels labels(@Nullable String[] values) {
        List<StatLabels.Label> labels = new ArrayList<>(places.size());
        for (Place place : places) {
            String value = values[place.index];
            if (value != null) {
                labels.add(new StatLabels.Label(place.label, Octets.text(value)));
            }
        }
        return StatLabels.joined(labels);
    }
}
