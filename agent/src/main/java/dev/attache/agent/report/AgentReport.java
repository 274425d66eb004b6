package dev.attache.agent.report;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The state of an agent at one moment, as an operator wants to know it. Whoever holds the parts
 * fills it when it is asked for; times are absolute, so that what is old can be seen to be old.
 * Immutable; any thread.
 *
 * @param at when the agent said so, by its clock
 * @param identity null before the first certificate, and where another process (SPIRE's agent)
 *     gives it: there is no authority then, either
 * @param pushes what the control plane sent last, of each type; kept when the connection is gone
 * @param names null where no names are served
 */
public record AgentReport(
        Instant at,
        Process process,
        Readiness readiness,
        @Nullable Identity identity,
        @Nullable Authority authority,
        ControlPlane controlPlane,
        List<Push> pushes,
        @Nullable Names names,
        Drain drain) {

    public AgentReport {
        pushes = List.copyOf(pushes);
    }

    /** Where the report is found on the status port. */
    public static final String PATH = "/debug/agent";

    /**
     * The report as one JSON object with a line feed behind it: names of fields in snake case,
     * times as RFC 3339, what is not there left out.
     */
    public String toJson() {
        return RecordJson.write(this);
    }

    /**
     * What {@link #toJson} wrote; fields of a newer agent are passed over.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static AgentReport fromJson(String json) {
        AgentReport report = RecordJson.read(json, AgentReport.class);
        if (!report.whole()) {
            throw new IllegalArgumentException("no report of an agent: parts of it are missing");
        }
        return report;
    }

    /** Whether what every report has is there; text of another program may lack it. */
    private boolean whole() {
        return Stream.of(at, process, readiness, controlPlane, drain).allMatch(Objects::nonNull);
    }

    /**
     * The agent's process.
     *
     * @param version of the agent
     * @param proxyVersion of the proxy, empty where it is not known yet
     * @param separate whether the proxy is a process of its own
     * @param proxyPid the proxy's process, that of the agent where they are one; 0 where none runs
     * @param node the id that the control plane knows the proxy by
     */
    public record Process(
            String version,
            String proxyVersion,
            boolean separate,
            long pid,
            long proxyPid,
            String node,
            Instant started) {}

    /**
     * What {@code /healthz/ready} would say now.
     *
     * @param reasons why not, in the words of the log; empty where it is ready
     * @param application what the probe of the application found, null where it has none
     */
    public record Readiness(
            boolean ready, List<String> reasons, @Nullable Application application) {
        public Readiness {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * The application, as the probe of the proxy's configuration sees it.
     *
     * @param since the last change
     * @param why of the last failure, empty where it is healthy
     */
    public record Application(boolean healthy, Instant since, String why) {}

    /**
     * The workload's certificate.
     *
     * @param name SPIFFE id, or the first name of a certificate that has none
     * @param source where it is from: a certificate authority, files, a socket
     * @param chain the workload's own first
     * @param roots what peers are checked with
     * @param rotated when this one came
     * @param next when another will be asked for, null where nobody knows (files)
     */
    public record Identity(
            String name,
            String source,
            List<Certificate> chain,
            List<Certificate> roots,
            Instant rotated,
            @Nullable Instant next) {
        public Identity {
            chain = List.copyOf(chain);
            roots = List.copyOf(roots);
        }
    }

    /**
     * One certificate.
     *
     * @param subject RFC 2253, empty in many workloads' certificates
     * @param serial hexadecimal
     * @param key kind and size: {@code RSA 2048}, {@code EC P-256}
     */
    public record Certificate(
            String subject,
            String issuer,
            String serial,
            String key,
            Instant notBefore,
            Instant notAfter) {}

    /**
     * Who signs.
     *
     * @param name kind and address
     * @param failures requests that failed since the last certificate
     * @param lastFailure null where there was none since
     */
    public record Authority(String name, long failures, @Nullable String lastFailure) {}

    /**
     * The connection to the control plane.
     *
     * @param since when the connection was made or lost; null where there never was one
     * @param lastFailure null where there was none ever
     */
    public record ControlPlane(
            String address,
            boolean connected,
            @Nullable Instant since,
            long connections,
            @Nullable Instant failedAt,
            @Nullable String lastFailure) {}

    /**
     * The last push of a type.
     *
     * @param type the whole type's URL
     * @param version as the control plane says; with delta its {@code system_version_info}
     * @param at when the last one came
     * @param resources in it
     * @param bytes of it
     * @param accepted pushes taken, ever
     * @param rejected pushes refused, ever
     * @param rejectedAt when the last refused one was, null where there was none
     * @param rejection why the last refused one was
     */
    public record Push(
            String type,
            String version,
            Instant at,
            long resources,
            long bytes,
            long accepted,
            long rejected,
            @Nullable Instant rejectedAt,
            @Nullable String rejection) {

        /** Whether the last one was refused. */
        public boolean standsRejected() {
            return rejectedAt != null && !rejectedAt.isBefore(at);
        }
    }

    /**
     * The names that the agent answers for.
     *
     * @param address where it is asked
     * @param hosts in its table
     * @param tableAt when the table came, null before the first
     * @param upstreams who is asked for other names
     */
    public record Names(
            String address,
            long hosts,
            @Nullable Instant tableAt,
            List<String> upstreams,
            long requests,
            long upstreamFailures) {
        public Names {
            upstreams = List.copyOf(upstreams);
        }
    }

    /**
     * Going away.
     *
     * @param state {@code serving}, {@code draining} or {@code terminating}
     * @param since null while serving
     * @param activeConnections of the proxy's listeners, -1 where nobody counted
     */
    public record Drain(String state, @Nullable Instant since, long activeConnections) {}
}
