package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.cluster.ClusterCompiler;
import dev.attache.config.endpoint.LoadAssignmentCompiler;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.config.secret.CertificateCompiler;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.config.secret.ValidationCompiler;
import dev.attache.testkit.TestCertificates;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.List;

/**
 * Whatever message comes as a resource: compiled, or refused with a message that says what is
 * wrong; judged the same when it comes again, and when it has been on the wire.
 */
class ResourceFuzzTest {

    private static final CompileSettings SETTINGS = new ConfigFixture().settings();

    /** Sensible resources that inputs change: those of the bootstraps that tests judge. */
    private static final List<Message> RESOURCES = resources();

    private static List<Message> resources() {
        ConfigLoader loader =
                new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.IGNORE).keepGoing();
        List<Message> found = new ArrayList<>(secrets());
        List<String> configs = BadConfigTest.configs();
        for (int i = 0; i < configs.size(); i += 6) {
            if (loader.yaml(configs.get(i), "b.yaml", Bootstrap.getDefaultInstance(), "b")
                    instanceof Compiled.Ok<?> ok) {
                add(found, (Bootstrap) ((LoadedConfig<?>) ok.value()).message());
            }
        }
        return found;
    }

    private static List<Secret> secrets() {
        TestCertificates authority = TestCertificates.authority("CN=a");
        TestCertificates.Issued leaf = authority.leaf("CN=b").dns("c").issue();
        Secret.Builder own = Secret.newBuilder().setName("own");
        own.getTlsCertificateBuilder()
                .getCertificateChainBuilder()
                .setInlineBytes(ByteString.copyFrom(leaf.chainPem()));
        own.getTlsCertificateBuilder()
                .getPrivateKeyBuilder()
                .setInlineBytes(ByteString.copyFrom(leaf.keyPem()));
        Secret.Builder trusted = Secret.newBuilder().setName("trusted");
        trusted.getValidationContextBuilder()
                .addVerifyCertificateHash("ab".repeat(32))
                .getTrustedCaBuilder()
                .setInlineBytes(ByteString.copyFrom(authority.pem()));
        return List.of(own.build(), trusted.build());
    }

    private static void add(List<Message> found, Bootstrap bootstrap) {
        Bootstrap.StaticResources resources = bootstrap.getStaticResources();
        found.addAll(resources.getSecretsList());
        for (Cluster cluster : resources.getClustersList()) {
            found.add(cluster);
            found.add(cluster.getLoadAssignment());
        }
        for (Listener listener : resources.getListenersList()) {
            found.add(listener);
            for (FilterChain chain : listener.getFilterChainsList()) {
                chain.getFiltersList().forEach(filter -> addRoutes(found, filter));
            }
        }
    }

    private static void addRoutes(List<Message> found, Filter filter) {
        try {
            if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
                found.add(
                        filter.getTypedConfig()
                                .unpack(HttpConnectionManager.class)
                                .getRouteConfig());
            }
        } catch (InvalidProtocolBufferException malformed) {
            throw new AssertionError(malformed);
        }
    }

    @FuzzTest
    void isCompiledOrRefusedInWords(FuzzedDataProvider data) {
        Message resource = data.pickValue(RESOURCES);
        Message changed = new MessageMutation(data).apply(resource);
        Compiled<?> once = compile(changed);
        Message again;
        try {
            again = changed.getParserForType().parseFrom(changed.toByteString());
        } catch (InvalidProtocolBufferException tooDeep) {
            assertThat(tooDeep).hasMessageContaining("too many levels of nesting");
            return;
        }
        assertThat(ConfigFixture.errors(compile(again))).isEqualTo(ConfigFixture.errors(once));
        if (once instanceof Compiled.Rejected<?> rejected) {
            assertThat(rejected.errors()).isNotEmpty();
            assertThat(rejected.errors()).extracting(Diagnostic::message).doesNotContain("");
        }
    }

    private static Compiled<?> compile(Message resource) {
        return switch (resource) {
            case Cluster cluster ->
                    ClusterCompiler.compileResource(
                            cluster, BindConfig.getDefaultInstance(), SETTINGS);
            case Listener listener -> ListenerCompiler.compileResource(listener, SETTINGS);
            case RouteConfiguration routes ->
                    RouteConfigurationCompiler.compileResource(routes, SETTINGS);
            case ClusterLoadAssignment endpoints ->
                    LoadAssignmentCompiler.compileResource(endpoints, SETTINGS);
            case Secret secret -> secret(secret);
            default -> throw new AssertionError(resource.getDescriptorForType().getFullName());
        };
    }

    private static Compiled<?> secret(Secret secret) {
        return secret.hasTlsCertificate()
                ? SecretCompiler.compileResource(secret, CertificateCompiler.KIND, SETTINGS)
                : SecretCompiler.compileResource(
                        secret,
                        ValidationCompiler.kind(CertificateValidationContext.getDefaultInstance()),
                        SETTINGS);
    }
}
