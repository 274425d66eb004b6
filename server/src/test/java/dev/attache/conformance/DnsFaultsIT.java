package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clusters hold while their name server denies, fails, keeps silent, lies or says too much,
 * and after it has come to its senses: the real Envoy beside Attache, each with its own server.
 */
@Tag("conformance")
final class DnsFaultsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> MANNERS =
            List.of(
                    "denied",
                    "failing",
                    "refused",
                    "empty",
                    "silent",
                    "misshapen",
                    "forged",
                    "forged-first",
                    "zero-ttl",
                    "thousand",
                    "loop");

    @Test
    void holdsWhatEnvoyHolds(@TempDir Path directory) throws Exception {
        try (ExecutorService both = Executors.newFixedThreadPool(2)) {
            Future<List<String>> envoy = both.submit(script(Peers.envoy(), directory));
            Future<List<String>> attache = both.submit(script(Peers.subject(), directory));
            assertThat(String.join("\n", attache.get())).isEqualTo(String.join("\n", envoy.get()));
        }
    }

    private static Callable<List<String>> script(Path binary, Path directory) {
        return () -> {
            List<String> seen = new ArrayList<>();
            int admin = Ports.free();
            Path work = Files.createDirectories(directory.resolve(binary.getFileName()));
            try (ScriptedNameServer names = new ScriptedNameServer()) {
                Path config = work.resolve("envoy.yaml");
                Files.writeString(config, bootstrap(admin, names.port()));
                try (ProxyProcess proxy =
                        ProxyProcess.start(binary, config, work, admin, List.of())) {
                    note("at the start", 1, names, proxy, seen);
                    names.misbehave(true);
                    note("after many faults", 3, names, proxy, seen);
                    names.misbehave(false);
                    note("in the end", 2, names, proxy, seen);
                    seen.add("alive: " + proxy.alive());
                }
            }
            return seen;
        };
    }

    /** Waits until each name has been asked for so many times, then writes down what there is. */
    private static void note(
            String when, int times, ScriptedNameServer names, ProxyProcess proxy, List<String> seen)
            throws IOException, InterruptedException {
        for (String manner : MANNERS) {
            boolean asked =
                    PeerProcess.eventually(PATIENCE, () -> names.asked(manner + ".test") >= times);
            seen.add(when + ", " + manner + ", asked for: " + asked);
        }
        // The last answers are on their way.
        String last = "";
        String now = held(proxy);
        for (int i = 0; i < 20 && !now.equals(last); i++) {
            last = now;
            Thread.sleep(300);
            now = held(proxy);
        }
        seen.add(when + ":\n" + now);
    }

    private static String held(ProxyProcess proxy) throws IOException, InterruptedException {
        StringBuilder held = new StringBuilder();
        for (String manner : MANNERS) {
            String body =
                    proxy.admin(
                                    "GET",
                                    "/stats?filter=^cluster\\."
                                            + manner
                                            + "\\.(membership_total|update_empty|update_failure)$")
                            .body();
            // How often depends on the time; whether at all does not.
            held.append(body.replaceAll("(update_[a-z]+: )[1-9][0-9]*", "$1some"));
        }
        return held.toString();
    }

    /** One cluster names no servers of its own, and asks those of the bootstrap. */
    private static String bootstrap(int admin, int names) {
        String servers =
                """
                {name: envoy.network.dns_resolver.cares, typed_config: {"@type": type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig,
                  resolvers: [{socket_address: {address: 127.0.0.1, port_value: %d}}],
                  dns_resolver_options: {no_default_search_domain: true}, query_timeout_seconds: 1, query_tries: 1}}
                """
                        .formatted(names)
                        .replaceAll("\\s*\n\\s*", " ");
        StringBuilder clusters = new StringBuilder();
        for (String manner : MANNERS) {
            boolean own = !manner.equals("thousand");
            clusters.append(
                    """
                      - name: %1$s
                        type: STRICT_DNS
                        dns_lookup_family: V4_ONLY
                        dns_refresh_rate: 0.5s
                        dns_failure_refresh_rate: {base_interval: 0.5s, max_interval: 0.5s}
                        %2$s
                        load_assignment: {cluster_name: %1$s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: %1$s.test, port_value: 80}}}}]}]}
                    """
                            .formatted(manner, own ? "typed_dns_resolver_config: " + servers : ""));
        }
        return """
        node: {id: proxy, cluster: test}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: %d}}}
        typed_dns_resolver_config: %s
        static_resources:
          clusters:
        %s
        """
                .formatted(admin, servers, clusters);
    }
}
