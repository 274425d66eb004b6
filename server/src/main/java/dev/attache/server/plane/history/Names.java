package dev.attache.server.plane.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Names, of which the first {@value #KEPT} are kept.
 *
 * @param count of all
 */
public record Names(int count, List<String> first) {

    /** How many names of one response are kept for each kind of change. */
    public static final int KEPT = 50;

    /** Collects. Main loop only. */
    static final class Collected {
        private final List<String> first = new ArrayList<>();
        private int count;

        void add(String name) {
            count++;
            if (first.size() < KEPT) {
                first.add(name);
            }
        }

        /** Whether the name is among them, or may be among those that were not kept. */
        boolean mayHold(String name) {
            return count > first.size() || first.contains(name);
        }

        Names names() {
            return new Names(count, List.copyOf(first));
        }
    }
}
