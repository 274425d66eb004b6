package dev.attache.config.call;

import com.google.protobuf.ByteString;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.secret.CertificateCompiler;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.config.secret.ValidationCompiler;
import dev.attache.config.tls.CommonTlsCompiler;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.tls.ClientTlsSpec;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.RawClientTransportSpec;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc.CallCredentials;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc.SslCredentials;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code channel_credentials} and {@code call_credentials} of {@code google_grpc}: what a
 * configuration can give by itself; what asks somebody for credentials has been refused.
 *
 * @param material what decides whether two are the same, beside the message: files are read now
 * @param authorization of each call, or null
 */
record GoogleCredentials(
        ClientTransportSpec transport, List<Object> material, @Nullable String authorization) {

    private static final String ROOTS = "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH";

    /** Where gRPC's core looks for what the system trusts. */
    private static final List<String> SYSTEM_ROOTS =
            List.of(
                    "/etc/ssl/certs/ca-certificates.crt",
                    "/etc/pki/tls/certs/ca-bundle.crt",
                    "/etc/ssl/ca-bundle.pem",
                    "/etc/pki/tls/cacert.pem",
                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");

    /**
     * @param name that the server's certificate must carry
     */
    static GoogleCredentials of(
            GoogleGrpc grpc, GoogleTarget target, String name, CompileContext context) {
        List<Object> material = new ArrayList<>();
        ClientTransportSpec transport = new RawClientTransportSpec();
        CompileContext at = context.at("channel_credentials");
        switch (grpc.getChannelCredentials().getCredentialSpecifierCase()) {
            case SSL_CREDENTIALS ->
                    transport =
                            tls(
                                    grpc.getChannelCredentials().getSslCredentials(),
                                    name,
                                    material,
                                    at.at("ssl_credentials"));
            case LOCAL_CREDENTIALS -> {
                if (!target.isLocal()) {
                    at.at("local_credentials")
                            .error(
                                    "no call would get through: they are for unix: targets",
                                    "leave them out, or use ssl_credentials");
                }
            }
            case GOOGLE_DEFAULT, CREDENTIALSPECIFIER_NOT_SET -> {
                // In plain text; the former has been refused.
            }
        }
        return new GoogleCredentials(transport, material, authorization(grpc, transport, context));
    }

    private static @Nullable String authorization(
            GoogleGrpc grpc, ClientTransportSpec transport, CompileContext context) {
        String token = null;
        for (int i = 0; i < grpc.getCallCredentialsCount(); i++) {
            CallCredentials call = grpc.getCallCredentials(i);
            CompileContext at = context.at("call_credentials", i);
            if (!transport.secure()) {
                at.at("access_token")
                        .error(
                                "no call would get through: a token is not sent in plain text",
                                "set channel_credentials.ssl_credentials");
            } else {
                token = "Bearer " + call.getAccessToken();
            }
        }
        return token;
    }

    private static ClientTransportSpec tls(
            SslCredentials ssl, String name, List<Object> material, CompileContext context) {
        CommonTlsContext protocols = CommonTlsContext.newBuilder().addAlpnProtocols("h2").build();
        SecretRef<TlsSecret.Certificate> own = null;
        if (ssl.hasPrivateKey() || ssl.hasCertChain()) {
            DataSource key = read(ssl.getPrivateKey(), "private_key", context);
            DataSource chain = read(ssl.getCertChain(), "cert_chain", context);
            material.add(key.getInlineBytes());
            material.add(chain.getInlineBytes());
            own =
                    SecretCompiler.inline(
                            TlsCertificate.newBuilder()
                                    .setPrivateKey(key)
                                    .setCertificateChain(chain)
                                    .build(),
                            CertificateCompiler.KIND,
                            List.of(),
                            context);
        }
        CertificateValidationContext validation = validation(ssl, name, context);
        material.add(validation.toByteString());
        return new ClientTlsSpec(
                CommonTlsCompiler.params(protocols, TlsVersion.TLS_1_3, context),
                own,
                SecretCompiler.inline(
                        validation,
                        ValidationCompiler.kind(CertificateValidationContext.getDefaultInstance()),
                        List.of(),
                        context.at("root_certs")),
                IpAddress.isLiteral(name) ? "" : name,
                false,
                false,
                false,
                1,
                false);
    }

    private static CertificateValidationContext validation(
            SslCredentials ssl, String name, CompileContext context) {
        CertificateValidationContext.Builder validation = CertificateValidationContext.newBuilder();
        validation.setTrustedCa(
                ssl.hasRootCerts()
                        ? read(ssl.getRootCerts(), "root_certs", context)
                        : systemRoots(context));
        validation
                .addMatchTypedSubjectAltNamesBuilder()
                .setSanType(
                        IpAddress.isLiteral(name)
                                ? SubjectAltNameMatcher.SanType.IP_ADDRESS
                                : SubjectAltNameMatcher.SanType.DNS)
                .getMatcherBuilder()
                .setExact(name);
        return validation.build();
    }

    /** What a source holds now. */
    private static DataSource read(DataSource source, String field, CompileContext context) {
        byte[] bytes = DataSources.bytes(source, context.at(field));
        return DataSource.newBuilder()
                .setInlineBytes(bytes == null ? ByteString.EMPTY : ByteString.copyFrom(bytes))
                .build();
    }

    private static DataSource systemRoots(CompileContext context) {
        String named = context.settings().environment().get(ROOTS);
        List<String> places = named == null ? SYSTEM_ROOTS : List.of(named);
        for (String place : places) {
            if (Files.isReadable(Path.of(place))) {
                return DataSource.newBuilder().setFilename(place).build();
            }
        }
        context.at("root_certs")
                .error(
                        "is not set, and no file with what the system trusts was found",
                        "set root_certs, or the environment variable " + ROOTS);
        return DataSource.getDefaultInstance();
    }
}
