package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything from a go-control-plane server over one aggregated stream, then two updates. */
@Tag("conformance")
final class GoControlPlaneIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void followsIt(String apiType, @TempDir Path directory) throws Exception {
        int admin = Ports.free();
        int xds = Ports.free();
        int control = Ports.free();
        int listener = Ports.free();
        Path work = Files.createDirectories(directory.resolve(apiType));
        Certificates certificates =
                new Certificates(Files.createDirectories(directory.resolve("keys" + apiType)));
        Path config =
                Files.writeString(
                        work.resolve("envoy.yaml"),
                        PeerBootstraps.ads(admin, xds, apiType, "{id: test-id, cluster: test}"));
        try (Upstream first = new Upstream("first", Map.of(), certificates, new Normaliser());
                Upstream second = new Upstream("second", Map.of(), certificates, new Normaliser());
                PeerProcess gcp =
                        PeerProcess.start(work, Map.of(), command(xds, control, listener, first));
                ProxyProcess proxy =
                        ProxyProcess.start(Peers.subject(), config, work, admin, List.of())) {
            awaitAnswer(listener, "first", gcp);
            PeerProcess.http("POST", control, "/next?upstream=" + second.port(0) + "&body=other");
            awaitAnswer(listener, "second", gcp);
            assertThat(PeerProcess.eventually(PATIENCE, () -> acks(control) >= 6))
                    .as("acknowledged: %s", PeerProcess.http("GET", control, "/acks"))
                    .isTrue();
            assertThat(PeerProcess.http("GET", control, "/nacks").strip()).isEmpty();
            assertThat(proxy.alive()).isTrue();
        }
    }

    private static List<String> command(int xds, int control, int listener, Upstream upstream) {
        return List.of(
                Peers.peer("go-control-plane").toString(),
                "-xds=" + xds,
                "-control=" + control,
                "-listener=" + listener,
                "-upstream=" + upstream.port(0));
    }

    private static long acks(int control) {
        return PeerProcess.http("GET", control, "/acks").lines().count();
    }

    private static void awaitAnswer(int listener, String body, PeerProcess gcp) throws Exception {
        boolean answered =
                PeerProcess.eventually(
                        PATIENCE, () -> PeerProcess.http("GET", listener, "/").equals(body));
        assertThat(answered).as("answered «%s»; control plane: %s", body, gcp.log()).isTrue();
    }
}
