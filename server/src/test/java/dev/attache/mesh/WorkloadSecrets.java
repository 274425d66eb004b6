package dev.attache.mesh;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.secret.v3.SecretDiscoveryServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The secrets that Istio's agent serves beside a proxy: its own certificate ({@code default}), the
 * authority ({@code ROOTCA}), and files by their paths. Any thread.
 */
class WorkloadSecrets extends SecretDiscoveryServiceGrpc.SecretDiscoveryServiceImplBase
        implements AutoCloseable {
    private final TestCertificates authority;
    private final TestCertificates.Issued own;
    private final LoopbackGrpc server;

    /**
     * @param identity URI of the workload's certificate
     */
    WorkloadSecrets(TestCertificates authority, String identity) throws IOException {
        this(authority, authority.leaf("CN=workload").uri(identity).issue());
    }

    WorkloadSecrets(TestCertificates authority, TestCertificates.Issued own) throws IOException {
        this.authority = authority;
        this.own = own;
        this.server = new LoopbackGrpc(this);
    }

    int port() {
        return server.port();
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamSecrets(
            StreamObserver<DiscoveryResponse> responses) {
        return new StreamObserver<>() {
            private int version;

            @Override
            public void onNext(DiscoveryRequest request) {
                if (!request.getResponseNonce().isEmpty()) {
                    return;
                }
                String current = String.valueOf(++version);
                DiscoveryResponse.Builder response =
                        DiscoveryResponse.newBuilder()
                                .setTypeUrl(request.getTypeUrl())
                                .setVersionInfo(current)
                                .setNonce(current);
                request.getResourceNamesList()
                        .forEach(name ->
                                response.addResources(
                                        Any.pack(secret(name), "type.googleapis.com")));
                responses.onNext(response.build());
            }

            @Override
            public void onError(Throwable gone) {}

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }

    /** A secret by its name, as the agent makes it. */
    Secret secret(String name) {
        Secret.Builder secret = Secret.newBuilder().setName(name);
        if (name.equals("default")) {
            return secret.setTlsCertificate(pair(own.chainPem(), own.keyPem())).build();
        }
        try {
            if (name.startsWith("file-cert:")) {
                String[] files = name.substring("file-cert:".length()).split("~", 2);
                return secret.setTlsCertificate(pair(bytes(files[0]), bytes(files[1]))).build();
            }
            boolean file = name.startsWith("file-root:/");
            byte[] root = file ? bytes(name.substring("file-root:".length())) : authority.pem();
            return secret.setValidationContext(
                            CertificateValidationContext.newBuilder().setTrustedCa(inline(root)))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(Path.of(file));
    }

    private static TlsCertificate pair(byte[] chain, byte[] key) {
        return TlsCertificate.newBuilder()
                .setCertificateChain(inline(chain))
                .setPrivateKey(inline(key))
                .build();
    }

    private static DataSource inline(byte[] bytes) {
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFrom(bytes)).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
