package dev.attache.console.xds;

import dev.attache.console.command.Age;
import dev.attache.console.command.Columns;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report for people. Pure. */
final class XdsText {

    private static final int SHOWN_NAMES = 12;

    private final XdsReport report;
    private final StringBuilder out = new StringBuilder();

    private XdsText(XdsReport report) {
        this.report = report;
    }

    /**
     * @param all with the resources of the bootstrap
     * @param updates how many are shown
     */
    static String of(XdsReport report, boolean all, int updates) {
        XdsText text = new XdsText(report);
        text.streams();
        text.resources(all);
        text.updates(updates);
        return text.out.toString();
    }

    private void streams() {
        out.append("CONTROL PLANES\n");
        if (report.streams().isEmpty()) {
            out.append("  none: all configuration is the bootstrap's\n");
        }
        report.streams().forEach(this::stream);
    }

    private void stream(XdsReport.Stream stream) {
        boolean file = stream.protocol().equals("file");
        out.append("  ").append(stream.controlPlane()).append("  ").append(stream.protocol());
        if (!file) {
            out.append(stream.connected() ? "  connected for " : "  NOT CONNECTED for ")
                    .append(age(stream.since()));
        }
        out.append(stream.identifier().isEmpty() ? "" : "  " + stream.identifier()).append('\n');
        XdsReport.Problem loss = stream.lastLoss();
        if (loss != null) {
            out.append(file ? "    unreadable " : "    lost ")
                    .append(stream.losses())
                    .append(stream.losses() == 1 ? " time, " : " times, last ")
                    .append(age(loss.at()))
                    .append(" ago: ")
                    .append(loss.details())
                    .append('\n');
        }
        Columns columns = new Columns("    ");
        if (!stream.types().isEmpty()) {
            columns.row("TYPE", "VERSION", "ACKS", "NACKS", "LAST ACK", "NONCE");
        }
        for (XdsReport.Type type : stream.types()) {
            Instant acked = type.lastAck();
            columns.row(
                    type.name(),
                    orDash(type.version()),
                    Long.toString(type.acks()),
                    Long.toString(type.nacks()),
                    acked == null ? "-" : age(acked) + " ago",
                    orDash(type.nonce()));
            XdsReport.Problem error = type.lastError();
            if (error != null) {
                columns.line("  " + refused(error));
            }
        }
        out.append(columns.text());
    }

    private void resources(boolean all) {
        List<XdsReport.Resource> shown =
                report.resources().stream().filter(r -> all || !r.isStatic()).toList();
        out.append("\nRESOURCES");
        long statics = report.resources().size() - shown.size();
        out.append(counts(shown));
        out.append(statics == 0 ? "" : "; " + statics + " of the bootstrap (--all)").append('\n');
        Columns columns = new Columns("  ");
        if (!shown.isEmpty()) {
            columns.row("TYPE", "STATE", "VERSION", "AGE", "NAME");
        }
        for (XdsReport.Resource resource : shown) {
            row(columns, resource);
        }
        out.append(columns.text());
    }

    private static String counts(List<XdsReport.Resource> resources) {
        String counts =
                resources.stream()
                        .collect(
                                Collectors.groupingBy(
                                        XdsReport.Resource::type,
                                        java.util.LinkedHashMap::new,
                                        Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "));
        return counts.isEmpty() ? "  none" : "  " + counts;
    }

    private void row(Columns columns, XdsReport.Resource resource) {
        XdsReport.Version active = resource.active();
        XdsReport.Version warming = resource.warming();
        XdsReport.Version newest = warming == null ? active : warming;
        List<String> states = new ArrayList<>();
        if (active != null) {
            states.add("active");
        }
        if (warming != null) {
            states.add("WARMING");
        }
        if (resource.error() != null) {
            states.add("ERROR");
        }
        columns.row(
                resource.type(),
                states.isEmpty() ? "awaited" : String.join("+", states),
                newest == null ? "-" : orDash(newest.version()),
                newest == null ? "-" : age(newest.updated()),
                resource.name());
        XdsReport.Problem error = resource.error();
        if (error != null) {
            columns.line("  " + refused(error));
        }
    }

    private void updates(int most) {
        if (most == 0) {
            return;
        }
        out.append("\nLAST UPDATES\n");
        if (report.updates().isEmpty()) {
            out.append("  none\n");
        }
        report.updates().stream().limit(most).forEach(this::update);
    }

    private void update(XdsReport.Update update) {
        out.append("  ")
                .append(update.at().truncatedTo(ChronoUnit.SECONDS))
                .append("  ")
                .append(age(update.at()))
                .append(" ago  ")
                .append(update.type())
                .append("  version ")
                .append(orDash(update.version()))
                .append("  ")
                .append(update.outcome().toUpperCase(Locale.ROOT))
                .append(update.tookMillis() == null ? "" : " in " + update.tookMillis() + " ms")
                .append("  ")
                .append(update.resources())
                .append(update.resources() == 1 ? " resource from " : " resources from ")
                .append(update.controlPlane())
                .append(update.nonce().isEmpty() ? "" : "  nonce " + update.nonce())
                .append('\n');
        if (update.error() != null) {
            out.append("    refused: ").append(update.error()).append('\n');
        }
        names("added", update.added());
        names("changed", update.changed());
        names("removed", update.removed());
        update.drained().forEach(this::drain);
        boolean nothing =
                update.added().count() + update.changed().count() + update.removed().count() == 0;
        if (nothing && update.outcome().equals("ack")) {
            out.append("    nothing changed\n");
        }
    }

    private void names(String what, XdsReport.Names names) {
        if (names.count() == 0) {
            return;
        }
        List<String> shown = names.names().stream().limit(SHOWN_NAMES).toList();
        out.append("    ").append(what).append(": ").append(String.join(", ", shown));
        int more = names.count() - shown.size();
        out.append(more == 0 ? "" : " and " + more + " more").append('\n');
    }

    private void drain(XdsReport.Drain drain) {
        String what =
                switch (drain.kind()) {
                    case "filter_chains" ->
                            drain.count()
                                    + (drain.count() == 1 ? " filter chain" : " filter chains")
                                    + " of listener "
                                    + drain.name();
                    default -> drain.kind() + " " + drain.name();
                };
        String where = drain.kind().equals("cluster") ? " to its hosts" : " on the listener";
        out.append("    drained: ")
                .append(what)
                .append(", with ")
                .append(drain.connections())
                .append(drain.connections() == 1 ? " connection" : " connections")
                .append(where)
                .append('\n');
    }

    private String refused(XdsReport.Problem error) {
        return "refused "
                + age(error.at())
                + " ago"
                + (error.version().isEmpty() ? "" : ", version " + error.version())
                + ": "
                + error.details();
    }

    private String age(Instant then) {
        return Age.of(then, report.now());
    }

    private static String orDash(@Nullable String text) {
        return text == null || text.isEmpty() ? "-" : text;
    }
}
