package dev.attache.iptables.capture;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated lists as the flags write them: empty items vanish, blanks stay. Stateless. */
final class Lists {
    private Lists() {}

    static List<String> split(String text) {
        List<String> items = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            if (end > at) {
                items.add(text.substring(at, end));
            }
            at = end + 1;
        }
        return List.copyOf(items);
    }
}
