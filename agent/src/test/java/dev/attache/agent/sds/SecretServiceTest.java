package dev.attache.agent.sds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The service over a channel, its identity and other secrets from files as a kubelet mounts them.
 */
@Timeout(20)
class SecretServiceTest {

    private final TestCertificates authority = TestCertificates.authority("CN=root");
    private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
    @TempDir Path directory;
    private Path mounted;
    private SecretDelivery delivery;
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        mounted = directory.resolve("var/run/secrets/workload-spiffe-credentials");
        Files.createDirectories(mounted);
        for (String name : new String[] {"cert-chain.pem", "key.pem", "root-cert.pem"}) {
            Files.createSymbolicLink(mounted.resolve(name), Path.of("..data", name));
        }
        publish("first", authority.leaf("CN=one").uri("spiffe://a/one").issue());
        delivery =
                SecretDelivery.of(
                        new Environment(Map.of("FILE_DEBOUNCE_DURATION", "20ms")),
                        ProxyConfig.defaults(),
                        new AgentFiles(directory),
                        new AgentMetrics());
        delivery.start();
        String name = InProcessServerBuilder.generateName();
        server =
                InProcessServerBuilder.forName(name).addService(delivery.service()).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        delivery.close();
    }

    /** As a kubelet publishes a volume: a new directory, and {@code ..data} leads to it at once. */
    private void publish(String version, TestCertificates.Issued issued) throws IOException {
        Path fresh = Files.createDirectory(mounted.resolve(version));
        Files.write(fresh.resolve("cert-chain.pem"), issued.chainPem());
        Files.write(fresh.resolve("key.pem"), issued.keyPem());
        Files.write(fresh.resolve("root-cert.pem"), authority.pem());
        Path link = Files.createSymbolicLink(mounted.resolve("..data_tmp"), Path.of(version));
        Files.move(
                link,
                mounted.resolve("..data"),
                java.nio.file.StandardCopyOption.ATOMIC_MOVE,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private StreamObserver<DiscoveryRequest> stream() {
        return SecretDiscoveryServiceGrpc.newStub(channel)
                .streamSecrets(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(DiscoveryResponse response) {
                                answers.add(response);
                            }

                            @Override
                            public void onError(Throwable failure) {
                                answers.add(failure);
                            }

                            @Override
                            public void onCompleted() {
                                answers.add("completed");
                            }
                        });
    }

    private DiscoveryResponse next() throws InterruptedException {
        return (DiscoveryResponse) Objects.requireNonNull(answers.poll(10, TimeUnit.SECONDS));
    }

    private static DiscoveryRequest request(@Nullable DiscoveryResponse last, String... names) {
        DiscoveryRequest.Builder request =
                DiscoveryRequest.newBuilder()
                        .setTypeUrl(SecretService.TYPE)
                        .addAllResourceNames(java.util.List.of(names));
        if (last != null) {
            request.setVersionInfo(last.getVersionInfo()).setResponseNonce(last.getNonce());
        }
        return request.build();
    }

    private static Secret secret(DiscoveryResponse response) throws IOException {
        assertThat(response.getTypeUrl()).isEqualTo(SecretService.TYPE);
        assertThat(response.getVersionInfo()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}Z/\\d+");
        assertThat(response.getResourcesCount()).isEqualTo(1);
        return response.getResources(0).unpack(Secret.class);
    }

    @Test
    void aCertificateThatChangesIsPushed() throws Exception {
        StreamObserver<DiscoveryRequest> requests = stream();
        requests.onNext(request(null, "default"));
        DiscoveryResponse first = next();
        Secret one = secret(first);
        assertThat(one.getName()).isEqualTo("default");
        assertThat(one.getTlsCertificate().getPrivateKey().getInlineBytes().toStringUtf8())
                .contains("PRIVATE KEY");
        requests.onNext(request(first, "default"));

        publish("second", authority.leaf("CN=two").uri("spiffe://a/two").issue());

        Secret two = secret(next());
        assertThat(two.getTlsCertificate().getCertificateChain())
                .isNotEqualTo(one.getTlsCertificate().getCertificateChain());
        requests.onCompleted();
    }

    @Test
    void halfOfAPairLeavesTheLastGoodOne() throws Exception {
        StreamObserver<DiscoveryRequest> requests = stream();
        requests.onNext(request(null, "default"));
        DiscoveryResponse first = next();
        requests.onNext(request(first, "default"));

        TestCertificates.Issued other = authority.leaf("CN=two").uri("spiffe://a/two").issue();
        Path key = mounted.resolve("..data").toRealPath().resolve("key.pem");
        Files.write(key, other.keyPem());
        while (Objects.requireNonNull(delivery.identity()).state().failures() == 0) {
            Thread.sleep(10);
        }
        assertThat(answers).isEmpty();
        assertThat(Objects.requireNonNull(delivery.identity()).state().failure())
                .contains("is not the key of the certificate");

        Files.write(key.resolveSibling("cert-chain.pem"), other.chainPem());
        assertThat(
                        secret(next())
                                .getTlsCertificate()
                                .getPrivateKey()
                                .getInlineBytes()
                                .toByteArray())
                .isEqualTo(other.keyPem());
        requests.onCompleted();
    }

    @Test
    void rootsGrowByThoseOfTheMesh() throws Exception {
        StreamObserver<DiscoveryRequest> requests = stream();
        requests.onNext(request(null, "ROOTCA"));
        DiscoveryResponse first = next();
        requests.onNext(request(first, "ROOTCA"));
        String other =
                new String(
                        TestCertificates.authority("CN=other").pem(),
                        java.nio.charset.StandardCharsets.US_ASCII);

        delivery.meshRoots(java.util.List.of(other));

        String roots =
                secret(next())
                        .getValidationContext()
                        .getTrustedCa()
                        .getInlineBytes()
                        .toStringUtf8();
        assertThat(roots.split("BEGIN CERTIFICATE")).hasSize(3);
        requests.onCompleted();
    }

    @Test
    void filesAreKnownByNamesThatNameThem() throws Exception {
        Path chain = directory.resolve("c.pem");
        TestCertificates.Issued issued = authority.leaf("CN=three").dns("three.test").issue();
        Files.write(chain, issued.chainPem());
        Files.write(directory.resolve("k.pem"), issued.keyPem());
        String name = "file-cert:c.pem~" + directory.resolve("k.pem");
        StreamObserver<DiscoveryRequest> requests = stream();
        requests.onNext(request(null, name));
        Secret secret = secret(next());
        assertThat(secret.getName()).isEqualTo(name);
        assertThat(secret.getTlsCertificate().getCertificateChain().getInlineBytes().toByteArray())
                .isEqualTo(issued.chainPem());

        StreamObserver<DiscoveryRequest> missing = stream();
        missing.onNext(request(null, "file-root:/nowhere.pem"));
        Object answer = answers.poll(10, TimeUnit.SECONDS);
        assertThat(answer).isInstanceOf(Throwable.class);
        assertThat(Status.fromThrowable((Throwable) Objects.requireNonNull(answer)).toString())
                .contains("failed to generate secret for file-root:/nowhere.pem");
        requests.onCompleted();
    }

    @Test
    void whatIstiosAgentDoesNotServeIsNotServed() {
        assertThatThrownBy(() ->
                        SecretDiscoveryServiceGrpc.newBlockingStub(channel)
                                .fetchSecrets(request(null, "default")))
                .hasMessage("UNIMPLEMENTED: FetchSecrets not implemented");
    }

    @Test
    void aKeyThatHardwareKeepsIsRefused() {
        ProxyConfig config =
                ProxyConfig.of(
                        Map.of(
                                "privateKeyProvider",
                                Map.of("cryptomb", Map.of("pollDelay", "0.01s"))));
        assertThatThrownBy(() ->
                        SecretDelivery.of(
                                new Environment(Map.of()),
                                config,
                                new AgentFiles(directory),
                                new AgentMetrics()))
                .hasMessageContaining("ProxyConfig.privateKeyProvider: cryptomb is not built");
    }
}
