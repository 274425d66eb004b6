package dev.attache.console.top;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.attache.console.admin.AdminFlags;
import dev.attache.console.command.Command;
import dev.attache.console.command.ExitCode;
import dev.attache.console.command.FlagSpec;
import dev.attache.console.command.Flags;
import dev.attache.console.command.Invocation;
import dev.attache.console.command.UsageException;
import java.io.Console;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** {@code attache top}: a live view in a terminal, or tables one below the other. */
public final class TopCommand {

    private static final int LATENCIES = 60;

    private static final String HELP =
            """
            Requests per second, active requests, latency percentiles, errors, retries and timeouts by
            listener, HTTP connection manager, route (those with a stat_prefix, and virtual clusters),
            cluster or host, between two looks at the statistics. Percentiles are those of the
            admin port's buckets, shared evenly within one; a row has them from its second look on.
            Hosts are those of the 25 busiest clusters, or of those that the filter names.

            Keys: l m r c h  listener, http, route, cluster, host     s  sort by the next column
                  /  filter by regular expression, Esc to take it off   + -  look less, more often
                  up, down, page keys  scroll     space  pause     ?  help     q  quit

            Where standard output is no terminal it prints once, as --once does.
            """;

    private TopCommand() {}

    public static Command command() {
        return new Command(
                "top",
                "",
                "What goes through the proxy now: requests, latency, errors, retries.",
                HELP,
                AdminFlags.with(
                        FlagSpec.text("view", "VIEW", "cluster, host, listener, http or route")
                                .letter('v'),
                        FlagSpec.text("interval", "SECONDS", "between two looks (2)").letter('i'),
                        FlagSpec.text(
                                "sort",
                                "COLUMN",
                                "requests, errors, latency, active, retries or name"),
                        FlagSpec.text(
                                        "filter",
                                        "REGEX",
                                        "rows whose names have a part that matches")
                                .letter('f'),
                        FlagSpec.text("rows", "N", "at most, printed at once (40)").letter('n'),
                        FlagSpec.onOff("once", "one table, from two looks, and no terminal"),
                        FlagSpec.onOff("batch", "table after table, and no terminal"),
                        FlagSpec.text("count", "N", "how many tables, with --batch").letter('c'),
                        FlagSpec.text("output", "FORM", "text, or json: a line for each table")
                                .letter('o')),
                TopCommand::run);
    }

    private static int run(Flags flags, Invocation invocation) throws UsageException, IOException {
        View view = View.of(flags.choice("view", "cluster", "host", "listener", "http", "route"));
        Duration interval = flags.seconds("interval", Duration.ofSeconds(2));
        StatsSource source = new StatsSource(AdminFlags.client(flags, invocation));
        Watch watch = new Watch(source, view, LATENCIES);
        watch.sortBy(order(flags));
        String filter = flags.get("filter");
        if (filter != null) {
            watch.only(pattern(filter));
        }
        boolean json = flags.choice("output", "text", "json").equals("json");
        boolean plain = json || flags.has("once") || flags.has("batch");
        if (!plain && isTerminal()) {
            return LiveTop.run(watch, interval);
        }
        boolean again = flags.has("batch") && !flags.has("once");
        int count = again ? flags.number("count", Integer.MAX_VALUE, 1, Integer.MAX_VALUE) : 1;
        int rows = flags.number("rows", 40, 1, 100_000);
        print(watch, interval, count, rows, json, invocation);
        return ExitCode.DONE;
    }

    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static Row.Order order(Flags flags) throws UsageException {
        String[] names =
                Arrays.stream(Row.Order.values()).map(Row.Order::text).toArray(String[]::new);
        String named = flags.choice("sort", names);
        return Row.Order.valueOf(named.toUpperCase(Locale.ROOT));
    }

    private static Pattern pattern(String text) throws UsageException {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new UsageException("--filter \"" + text + "\": " + e.getDescription(), e);
        }
    }

    private static void print(
            Watch watch,
            Duration interval,
            int count,
            int most,
            boolean json,
            Invocation invocation)
            throws IOException {
        watch.look();
        for (int i = 0; i < count; i++) {
            try {
                Thread.sleep(interval);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            watch.look();
            List<Row> rows = watch.rows().stream().limit(most).toList();
            if (json) {
                invocation.out().println(json(watch.view(), rows));
            } else {
                invocation.out().println(Instant.now().truncatedTo(ChronoUnit.SECONDS));
                invocation.out().println(Table.head(watch.view(), 0));
                List<String> lines = rows.isEmpty() ? Table.NOTHING : Table.lines(rows, 0);
                lines.forEach(invocation.out()::println);
            }
            invocation.out().flush();
        }
    }

    private static JsonObject json(View view, List<Row> rows) {
        JsonArray all = new JsonArray();
        for (Row row : rows) {
            JsonObject one = new JsonObject();
            one.addProperty("name", row.name());
            for (Metric metric : Metric.values()) {
                one.addProperty(metric.name().toLowerCase(Locale.ROOT), row.get(metric));
            }
            if (!Double.isNaN(row.p50())) {
                one.addProperty("p50_ms", row.p50());
                one.addProperty("p90_ms", row.p90());
                one.addProperty("p99_ms", row.p99());
            }
            all.add(one);
        }
        JsonObject table = new JsonObject();
        table.addProperty("at", Instant.now().toString());
        table.addProperty("view", view.text());
        table.add("rows", all);
        return table;
    }
}
