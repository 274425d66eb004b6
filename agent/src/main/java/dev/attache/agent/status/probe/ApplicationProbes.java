package dev.attache.agent.status.probe;

import dev.attache.agent.document.Json;
import dev.attache.agent.status.StatusPage;
import dev.attache.agent.status.StatusReply;
import dev.attache.agent.status.StatusRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /app-health/} and {@code /app-lifecycle/}: the probes of {@code ISTIO_KUBE_APP_PROBERS},
 * by their paths. Immutable; any thread.
 */
public final class ApplicationProbes implements StatusPage {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String PATTERN =
            "^/(app-health|app-lifecycle)/[^/]+/(livez|readyz|startupz|prestopz|poststartz)$";
    private static final Pattern PATH = Pattern.compile(PATTERN);

    private final Map<String, Probe> probes;

    private ApplicationProbes(Map<String, Probe> probes) {
        this.probes = Map.copyOf(probes);
    }

    /**
     * Reads the variable; empty text is no probes.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static ApplicationProbes parse(String json, ProbeTarget target) {
        if (json.isEmpty()) {
            return new ApplicationProbes(Map.of());
        }
        Map<?, ?> document;
        try {
            Object tree = Json.parse(json);
            document = tree == Json.NULL ? Map.of() : (Map<?, ?>) tree;
        } catch (IllegalArgumentException | ClassCastException e) {
            throw new IllegalArgumentException(
                    "failed to decode app prober err = "
                            + e.getMessage()
                            + ", json string = "
                            + json,
                    e);
        }
        Map<String, Probe> probes = new HashMap<>();
        document.forEach((path, probe) ->
                probes.put(
                        String.valueOf(path),
                        probe(String.valueOf(path), new ProbeSettings(probe), target)));
        return new ApplicationProbes(probes);
    }

    private static Probe probe(String path, ProbeSettings settings, ProbeTarget target) {
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "invalid path, must be in form of regex pattern " + PATTERN);
        }
        ProbeSettings http = settings.member("httpGet");
        ProbeSettings tcp = settings.member("tcpSocket");
        ProbeSettings grpc = settings.member("grpc");
        int kinds = (http == null ? 0 : 1) + (tcp == null ? 0 : 1) + (grpc == null ? 0 : 1);
        if (kinds != 1) {
            throw new IllegalArgumentException(
                    "invalid prober type, must be one of type httpGet, tcpSocket or gRPC");
        }
        int seconds = settings.number("timeoutSeconds");
        if (http != null) {
            return new HttpProbe(
                    target,
                    port(path, http),
                    http.text("path"),
                    http.text("scheme").equals("HTTPS"),
                    seconds,
                    path);
        }
        if (tcp != null) {
            return new TcpProbe(target, port(path, tcp), seconds);
        }
        @Nullable ProbeSettings health = grpc;
        return new GrpcProbe(
                target,
                health == null ? 0 : health.number("port"),
                health == null ? "" : health.text("service"),
                seconds);
    }

    private static int port(String path, ProbeSettings settings) {
        if (settings.isText("port")) {
            throw new IllegalArgumentException(
                    "invalid prober config for " + path + ", the port must be int type");
        }
        return settings.number("port");
    }

    @Override
    public void answer(StatusRequest request, StatusReply reply) throws IOException {
        Probe probe = probes.get(request.path());
        if (probe == null) {
            LOG.error("Prober does not exists url {}", request.path());
            reply.text(400, "app prober config does not exists for " + request.path());
            return;
        }
        probe.answer(request, reply);
    }
}
