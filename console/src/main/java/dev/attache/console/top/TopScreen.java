package dev.attache.console.top;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** What the terminal shows, and what keys do to it. One thread. */
final class TopScreen {

    /** Keys that are no characters, beyond all characters. */
    static final int UP = -10;

    static final int DOWN = -11;
    static final int PAGE_UP = -12;
    static final int PAGE_DOWN = -13;
    static final int ESCAPE = 27;

    private static final Duration LEAST = Duration.ofMillis(500);
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final int HEAD = 3;

    private static final List<String> HELP =
            List.of(
                    "",
                    "  l m r c h   listener, http, route, cluster, host",
                    "  s           sort by the next of requests, errors, latency, active, retries, name",
                    "  /           filter by a regular expression; Esc takes it off",
                    "  + -         look less often, more often",
                    "  up, down, page up, page down   scroll",
                    "  space       pause",
                    "  q           quit");

    private final Watch watch;
    private Duration interval;
    private boolean paused;
    private boolean help;
    private boolean over;
    private int top;
    private int page = 1;
    private @Nullable StringBuilder typed;
    private String problem = "";

    TopScreen(Watch watch, Duration interval) {
        this.watch = watch;
        this.interval = interval;
    }

    Duration interval() {
        return interval;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isOver() {
        return over;
    }

    /** What went wrong with the last look; empty when nothing did. */
    void problem(String text) {
        problem = text;
    }

    /** A key was pressed; whether another look is wanted at once. */
    boolean press(int key) {
        if (typed != null) {
            type(key, typed);
            return false;
        }
        help = key == '?' && !help;
        for (View view : View.values()) {
            if (key == view.key()) {
                watch.show(view);
                top = 0;
                return true;
            }
        }
        switch (key) {
            case 'q', 3 -> over = true;
            case 's' -> watch.sortBy(watch.order().next());
            case '/' -> typed = new StringBuilder();
            case ESCAPE -> watch.only(null);
            case ' ' -> paused = !paused;
            case '+' -> interval = shortest(interval.multipliedBy(2), MOST);
            case '-' -> interval = longest(interval.dividedBy(2), LEAST);
            case UP -> top--;
            case DOWN -> top++;
            case PAGE_UP -> top -= page;
            case PAGE_DOWN -> top += page;
            default -> {
                // No key of ours.
            }
        }
        return false;
    }

    private static Duration shortest(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static Duration longest(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private void type(int key, StringBuilder text) {
        switch (key) {
            case ESCAPE -> typed = null;
            case '\r', '\n' -> {
                typed = null;
                apply(text.toString());
            }
            case 127, 8 -> text.setLength(Math.max(0, text.length() - 1));
            default -> {
                if (key >= ' ') {
                    text.appendCodePoint(key);
                }
            }
        }
    }

    private void apply(String text) {
        try {
            watch.only(text.isEmpty() ? null : Pattern.compile(text));
            problem = "";
        } catch (PatternSyntaxException e) {
            problem = "filter \"" + text + "\": " + e.getDescription();
        }
        top = 0;
    }

    /** All lines, of which none is wider than the terminal. */
    List<String> lines(int width, int height) {
        List<Row> rows = watch.rows();
        page = Math.max(1, height - HEAD);
        top = Math.max(0, Math.min(top, rows.size() - page));
        List<String> lines = new ArrayList<>();
        lines.add(status(rows.size()));
        lines.add(typed == null ? problem : "filter: " + typed + "_");
        if (help) {
            lines.addAll(HELP);
        } else {
            lines.add(Table.head(watch.view(), width));
            List<Row> shown = rows.subList(top, Math.min(rows.size(), top + page));
            lines.addAll(rows.isEmpty() ? Table.NOTHING : Table.lines(shown, width));
        }
        return lines.stream()
                .limit(height)
                .map(line -> line.length() > width ? line.substring(0, width) : line)
                .toList();
    }

    private String status(int rows) {
        Pattern filter = watch.filter();
        return "attache top  "
                + watch.address()
                + "  "
                + watch.view().text()
                + "  "
                + rows
                + (rows == 1 ? " row" : " rows")
                + "  by "
                + watch.order().text()
                + "  every "
                + interval.toMillis() / 1000.0
                + " s"
                + (filter == null ? "" : "  filter " + filter)
                + (paused ? "  PAUSED" : "")
                + "  ? help";
    }
}
