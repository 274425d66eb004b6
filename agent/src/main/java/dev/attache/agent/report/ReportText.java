package dev.attache.agent.report;

import dev.attache.agent.report.AgentReport.Certificate;
import dev.attache.agent.report.AgentReport.ControlPlane;
import dev.attache.agent.report.AgentReport.Identity;
import dev.attache.agent.report.AgentReport.Names;
import dev.attache.agent.report.AgentReport.Push;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A report as lines for people: what is wrong first, then one block for each part. Times stand
 * beside their distance to the moment of the report, so that what is old is seen.
 */
final class ReportText {

    private final AgentReport report;
    private final Instant now;
    private final StringBuilder out = new StringBuilder();

    private ReportText(AgentReport report) {
        this.report = report;
        this.now = report.at();
    }

    static String of(AgentReport report) {
        return new ReportText(report).print();
    }

    private String print() {
        readiness();
        process();
        identity();
        controlPlane();
        pushes();
        names();
        drain();
        return out.toString();
    }

    private void readiness() {
        boolean ready = report.readiness().ready();
        line("state", ready ? "ready" : "NOT READY");
        report.readiness().reasons().forEach(reason -> line("", reason));
        AgentReport.Application application = report.readiness().application();
        if (application != null) {
            String since = " since " + Ago.moment(application.since(), now);
            line("application", (application.healthy() ? "healthy" : "UNHEALTHY") + since);
            more(application.why());
        }
    }

    private void process() {
        AgentReport.Process process = report.process();
        line("agent", process.version() + ", up since " + Ago.moment(process.started(), now));
        String proxy = process.proxyVersion().isEmpty() ? "unknown" : process.proxyVersion();
        line(
                "proxy",
                proxy
                        + (process.separate()
                                ? ", two processes: agent "
                                        + process.pid()
                                        + ", proxy "
                                        + (process.proxyPid() == 0 ? "none" : process.proxyPid())
                                : ", one process: " + process.pid()));
        line("node", process.node());
    }

    private void identity() {
        Identity identity = report.identity();
        if (identity == null) {
            line(
                    "identity",
                    report.authority() == null
                            ? "told to the proxy alone, by the other process that serves its socket"
                            : "none yet");
        } else {
            line("identity", identity.name() + " from " + identity.source());
            line("rotated", Ago.moment(identity.rotated(), now));
            Instant next = identity.next();
            more(next == null ? "next: when its files change" : "next " + Ago.moment(next, now));
            chain("certificate", identity.chain());
            chain("root", identity.roots());
        }
        AgentReport.Authority authority = report.authority();
        if (authority != null) {
            line("authority", authority.name());
            if (authority.failures() > 0) {
                more(
                        "FAILING: %d since the last certificate, the last: %s"
                                .formatted(authority.failures(), authority.lastFailure()));
            }
        }
    }

    private void chain(String title, List<Certificate> certificates) {
        String label = title;
        for (Certificate certificate : certificates) {
            String subject =
                    certificate.subject().isEmpty() ? "(no subject)" : certificate.subject();
            line(label, subject + ", " + certificate.key() + ", serial " + certificate.serial());
            more(left(certificate) + ", issued by " + certificate.issuer());
            label = "";
        }
    }

    private String left(Certificate certificate) {
        Duration left = Duration.between(now, certificate.notAfter());
        String until = Ago.second(certificate.notAfter());
        if (left.isNegative()) {
            return "EXPIRED " + Ago.span(left.abs()) + " ago, at " + until;
        }
        if (certificate.notBefore().isAfter(now)) {
            return "NOT VALID before " + Ago.moment(certificate.notBefore(), now);
        }
        return "%d days left (%s), until %s".formatted(left.toDays(), Ago.span(left), until);
    }

    private void controlPlane() {
        ControlPlane plane = report.controlPlane();
        Instant since = plane.since();
        String state = plane.connected() ? "connected" : "NOT CONNECTED";
        line(
                "control plane",
                plane.address()
                        + ", "
                        + state
                        + (since == null ? "" : " since " + Ago.moment(since, now))
                        + ", connections "
                        + plane.connections());
        failure(plane.failedAt(), plane.lastFailure());
    }

    private void pushes() {
        if (report.pushes().isEmpty()) {
            line("pushes", "none yet");
            return;
        }
        line("pushes", report.controlPlane().connected() ? "" : "OLD: what was sent before");
        int width = report.pushes().stream().mapToInt(p -> kind(p).length()).max().orElse(0);
        report.pushes().stream()
                .sorted(Comparator.comparing(Push::type))
                .forEach(push -> push(push, width));
    }

    private void push(Push push, int width) {
        more(
                "%-"
                        .concat(width + "s %s, %d resources, %d bytes, version %s, taken %d, ")
                        .concat("refused %d")
                        .formatted(
                                kind(push),
                                Ago.moment(push.at(), now),
                                push.resources(),
                                push.bytes(),
                                push.version().isEmpty() ? "-" : push.version(),
                                push.accepted(),
                                push.rejected()));
        Instant rejected = push.rejectedAt();
        if (rejected != null) {
            String still = push.standsRejected() ? "  REFUSED " : "  refused ";
            more(still + Ago.moment(rejected, now) + ": " + push.rejection());
        }
    }

    private static String kind(Push push) {
        return push.type().substring(push.type().lastIndexOf('.') + 1);
    }

    private void names() {
        Names names = report.names();
        if (names == null) {
            line("names", "not served");
            return;
        }
        Instant table = names.tableAt();
        line(
                "names",
                names.address()
                        + ", "
                        + (table == null
                                ? "NO TABLE yet"
                                : names.hosts() + " hosts, table of " + Ago.moment(table, now)));
        String upstreams =
                names.upstreams().isEmpty() ? "none" : String.join(", ", names.upstreams());
        more(
                "upstreams %s; asked %d times, %d failures of upstreams"
                        .formatted(upstreams, names.requests(), names.upstreamFailures()));
    }

    private void drain() {
        AgentReport.Drain drain = report.drain();
        Instant since = drain.since();
        line(
                "drain",
                drain.state()
                        + (since == null ? "" : " since " + Ago.moment(since, now))
                        + (drain.activeConnections() < 0
                                ? ""
                                : ", connections " + drain.activeConnections()));
    }

    private void failure(@Nullable Instant when, @Nullable String what) {
        if (when != null && what != null) {
            more("last failure " + Ago.moment(when, now) + ": " + what);
        }
    }

    private void more(String text) {
        if (!text.isEmpty()) {
            line("", text);
        }
    }

    private void line(String label, String text) {
        out.append("%-14s%s".formatted(label, text).stripTrailing()).append('\n');
    }
}
