package dev.attache.config.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import dev.attache.api.ApiTable;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.support.SupportTable;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.MemoryAllocatorManager;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What one walk finds beside constraints, and in which order. */
class MessageCheckerTest {
    private static final int NOBODYS = 19_000;
    private static final UnknownFieldSet UNKNOWN = added(NOBODYS, Field.newBuilder().addVarint(1));

    private final MessageChecker checker =
            new MessageChecker(new SupportTable(), new TypeRegistry());
    private final Diagnostics diagnostics = new Diagnostics("test");

    @Test
    void aDeprecatedFeatureIsMentionedAsOftenAsItIsWorthIt() {
        RouteAction deprecated =
                RouteAction.newBuilder()
                        .setCluster("a")
                        .setMaxGrpcTimeout(Duration.getDefaultInstance())
                        .build();
        Set<String> mentioned = new HashSet<>();
        DeprecatedFeatures once = new DeprecatedFeatures(name -> false, mentioned::add);

        assertThat(warnings(deprecated, once)).isEqualTo(1);
        assertThat(warnings(deprecated, once)).isZero();
        assertThat(warnings(deprecated, once.allowing(name -> true))).isZero();
        assertThat(mentioned).containsExactly("envoy.config.route.v3.RouteAction.max_grpc_timeout");
    }

    @Test
    void aFeatureThatIsDisallowedIsRefusedUnlessRuntimeAllowsIt() {
        String feature = "envoy.config.route.v3.RateLimit.Action.dynamic_metadata";
        RateLimit.Action action =
                RateLimit.Action.newBuilder()
                        .setDynamicMetadata(
                                RateLimit.Action.DynamicMetaData.newBuilder()
                                        .setDescriptorKey("a")
                                        .setMetadataKey(MetadataKey.newBuilder().setKey("b")))
                        .build();

        check(action, DeprecatedFeatures.STRICT);
        assertThat(diagnostics.errors().getLast().fieldPath()).isEqualTo("dynamic_metadata");
        assertThat(diagnostics.errors().getLast().message())
                .startsWith(
                        "type envoy.config.route.v3.RateLimit.Action Using"
                                + " deprecated option '"
                                + feature
                                + "' from file route_components.proto. This configuration will be"
                                + " removed from Envoy soon. Please see");
        check(action, DeprecatedFeatures.STRICT.allowing(feature::equals));
        assertThat(diagnostics.warnings().getFirst().message())
                .startsWith(
                        "Deprecated field: type envoy.config.route.v3.RateLimit.Action Using"
                                + " runtime overrides to continue using now fatal-by-default"
                                + " deprecated option '");
    }

    @Test
    void aDeprecatedValueIsNamedAlsoWhereItIsTheDefault() {
        check(
                ConfigSource.newBuilder()
                        .setResourceApiVersion(ApiVersion.V2)
                        .setApiConfigSource(
                                ApiConfigSource.newBuilder().setTransportApiVersion(ApiVersion.V3))
                        .build(),
                DeprecatedFeatures.STRICT);
        assertThat(diagnostics.warnings())
                .singleElement()
                .extracting(Diagnostic::message)
                .asString()
                .startsWith(
                        "Deprecated field: type envoy.config.core.v3.ConfigSource Using deprecated"
                                + " value V2 for enum"
                                + " 'envoy.config.core.v3.ConfigSource.resource_api_version' from"
                                + " file config_source.proto. This enum value will be removed from"
                                + " Envoy soon. Please see");
        assertThat(diagnostics.errors())
                .singleElement()
                .extracting(Diagnostic::message)
                .asString()
                .startsWith(
                        "type envoy.config.core.v3.ApiConfigSource Using the default now-deprecated"
                                + " value DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE for enum"
                                + " 'envoy.config.core.v3.ApiConfigSource.api_type' from file"
                                + " config_source.proto. This enum value will be removed from Envoy"
                                + " soon so a non-default value must now be explicitly set. Please"
                                + " see");
    }

    @Test
    void unknownFieldsAreFoundInsideAnys() {
        Any inner = Any.pack(Cluster.newBuilder().setUnknownFields(UNKNOWN).build());
        Cluster holder =
                Cluster.newBuilder()
                        .setName("a")
                        .setClusterType(
                                Cluster.CustomClusterType.newBuilder()
                                        .setName("a")
                                        .setTypedConfig(inner))
                        .build();

        check(holder, DeprecatedFeatures.STRICT);

        Diagnostic error = diagnostics.errors().getFirst();
        assertThat(error.fieldPath()).isEqualTo("cluster_type.typed_config");
        assertThat(error.message())
                .isEqualTo(
                        "Protobuf message (type envoy.config.cluster.v3.Cluster with unknown field"
                                + " set {19000}) has unknown fields");
    }

    @Test
    void whereUnknownFieldsAreAllowedTheyAreTold() {
        AtomicInteger noted = new AtomicInteger();
        Message cluster = Cluster.newBuilder().setName("a").setUnknownFields(UNKNOWN).build();
        for (UnknownFieldPolicy policy :
                List.of(UnknownFieldPolicy.WARN, UnknownFieldPolicy.IGNORE)) {
            checker.check(cluster, "")
                    .report(
                            new UnheededFields(policy, noted::incrementAndGet, name -> true),
                            DeprecatedFeatures.STRICT,
                            diagnostics);
        }
        assertThat(diagnostics.errors()).isEmpty();
        assertThat(diagnostics.warnings()).hasSize(2);
        assertThat(noted).hasValue(1);
    }

    @Test
    void inAMatcherAnUnknownFieldIsRefusedWhateverIsAllowed() {
        HeaderMatcher header =
                HeaderMatcher.newBuilder()
                        .setName("a")
                        .setStringMatch(
                                StringMatcher.newBuilder().setExact("b").setUnknownFields(UNKNOWN))
                        .build();
        Route route =
                Route.newBuilder()
                        .setMatch(RouteMatch.newBuilder().setPrefix("/").addHeaders(header))
                        .setRoute(RouteAction.newBuilder().setCluster("a"))
                        .build();
        checker.check(route, "")
                .report(
                        new UnheededFields(UnknownFieldPolicy.IGNORE),
                        DeprecatedFeatures.STRICT,
                        diagnostics);
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::fieldPath)
                .containsExactly("match.headers[0].string_match");
    }

    @Test
    void inARuleAboutAccessAnUnknownFieldIsRefusedWhateverIsAllowed() {
        Permission permission =
                Permission.newBuilder().setAny(true).setUnknownFields(UNKNOWN).build();
        Principal principal = Principal.newBuilder().setAny(true).setUnknownFields(UNKNOWN).build();
        Policy policy =
                Policy.newBuilder()
                        .addPermissions(permission)
                        .addPrincipals(principal)
                        .setUnknownFields(UNKNOWN)
                        .build();
        RBAC rules = RBAC.newBuilder().putPolicies("a", policy).setUnknownFields(UNKNOWN).build();
        checker.check(rules, "")
                .report(
                        new UnheededFields(UnknownFieldPolicy.IGNORE),
                        DeprecatedFeatures.STRICT,
                        diagnostics);
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::fieldPath)
                .containsExactlyInAnyOrder(
                        "",
                        "policies[a]",
                        "policies[a].permissions[0]",
                        "policies[a].principals[0]");
    }

    @Test
    void whatIsNotSupportedIsRefusedWithAllThatItHolds() {
        Listener listener =
                Listener.newBuilder()
                        .setConnectionBalanceConfig(
                                Listener.ConnectionBalanceConfig.newBuilder()
                                        .setExtendBalance(
                                                TypedExtensionConfig.getDefaultInstance()))
                        .build();
        check(listener, DeprecatedFeatures.STRICT);
        assertThat(refusals(listener)).containsExactly("connection_balance_config.extend_balance");
        assertThat(diagnostics.errors().getLast().message())
                .isEqualTo(
                        "field 'extend_balance' of"
                                + " envoy.config.listener.v3.Listener.ConnectionBalanceConfig"
                                + " cannot be honoured: connection balance extensions are not built");
    }

    @Test
    void nothingIsAskedOfWhatAFieldWithoutEffectHolds() {
        Bootstrap allocator =
                Bootstrap.newBuilder()
                        .setMemoryAllocatorManager(
                                MemoryAllocatorManager.newBuilder()
                                        .setUnknownFields(
                                                added(5, Field.newBuilder().addVarint(1 << 20))))
                        .build();

        check(allocator, DeprecatedFeatures.STRICT);
        assertThat(diagnostics.errors()).isEmpty();
        assertThat(diagnostics.warnings())
                .singleElement()
                .extracting(Diagnostic::fieldPath)
                .isEqualTo("memory_allocator_manager");
    }

    @Test
    void aStringThatNoClassHasReadMustBeOne() {
        ByteString noText = ByteString.copyFrom(new byte[] {(byte) 0xff});
        RouteAction action =
                RouteAction.newBuilder()
                        .setCluster("a")
                        .setUnknownFields(added(45, Field.newBuilder().addLengthDelimited(noText)))
                        .build();

        check(action, DeprecatedFeatures.STRICT);
        assertThat(diagnostics.errors())
                .singleElement()
                .extracting(Diagnostic::fieldPath)
                .isEqualTo("path_rewrite");
    }

    @Test
    void aSwitchThatIsOffAsksForNothing() {
        DownstreamTlsContext.Builder options = DownstreamTlsContext.newBuilder();
        check(options.setRequireSni(BoolValue.of(false)).build(), DeprecatedFeatures.STRICT);
        assertThat(diagnostics.warnings()).isEmpty();
        check(options.setRequireSni(BoolValue.of(true)).build(), DeprecatedFeatures.STRICT);
        assertThat(diagnostics.warnings())
                .singleElement()
                .extracting(Diagnostic::fieldPath)
                .isEqualTo("require_sni");
    }

    @Test
    void aNumberThatIsNoValueOfItsEnumIsRefused() {
        RouteAction action =
                RouteAction.newBuilder()
                        .setCluster("a")
                        .setClusterNotFoundResponseCodeValue(0)
                        .setPriorityValue(7)
                        .build();
        assertThat(refusals(action)).contains("priority");
    }

    @Test
    void violationsComeInEnvoysOrder() {
        RouteConfiguration routes =
                RouteConfiguration.newBuilder()
                        .addVirtualHosts(
                                VirtualHost.newBuilder()
                                        .addRoutes(
                                                Route.newBuilder()
                                                        .setRoute(RouteAction.newBuilder())))
                        .addVirtualHosts(VirtualHost.newBuilder().addDomains("b"))
                        .addRequestHeadersToRemove("a\n")
                        .build();
        assertThat(checker.check(routes, "x").violations())
                .containsExactly(
                        "x.request_headers_to_remove[0]",
                        "x.virtual_hosts[0].name",
                        "x.virtual_hosts[0].domains",
                        "x.virtual_hosts[0].routes[0].match",
                        "x.virtual_hosts[0].routes[0].route.cluster_specifier",
                        "x.virtual_hosts[1].name");
    }

    @Test
    void bytesOfAnyOrderAreReadAsProtobufReadsThem() {
        Cluster late = Cluster.newBuilder().setName("a").build();
        Cluster early = Cluster.newBuilder().setConnectTimeout(Duration.newBuilder()).build();
        Cluster more =
                Cluster.newBuilder().setConnectTimeout(Duration.newBuilder().setSeconds(1)).build();
        ByteString twice =
                early.toByteString().concat(late.toByteString()).concat(more.toByteString());

        assertThat(violations(twice)).isEmpty();
        assertThat(violations(late.toByteString().concat(early.toByteString())))
                .containsExactly("connect_timeout");
    }

    @Test
    void ofAOneofTheLastFieldCounts() {
        ByteString type = Cluster.newBuilder().setName("a").setTypeValue(99).build().toByteString();
        ByteString other =
                Cluster.newBuilder()
                        .setClusterType(Cluster.CustomClusterType.newBuilder().setName("b"))
                        .build()
                        .toByteString();
        assertThat(violations(type)).containsExactly("type");
        assertThat(violations(type.concat(other))).isEmpty();
    }

    @Test
    void whatNestsWithoutEndIsRefused() {
        Any nested = Any.pack(Metadata.getDefaultInstance());
        for (int i = 0; i < 5_000; i++) {
            nested = Any.pack(nested);
        }
        check(nested, DeprecatedFeatures.STRICT);
        assertThat(diagnostics.errors())
                .extracting(Diagnostic::message)
                .containsExactly("Unable to unpack as google.protobuf.Any");
    }

    private static UnknownFieldSet added(int number, Field.Builder field) {
        return UnknownFieldSet.newBuilder().addField(number, field.build()).build();
    }

    private List<String> violations(ByteString cluster) {
        return checker.check(ApiTable.of(Cluster.class), cluster, "", false).violations();
    }

    private List<String> refusals(Message message) {
        Diagnostics own = new Diagnostics("test");
        checker.check(message, "")
                .report(
                        new UnheededFields(UnknownFieldPolicy.REJECT),
                        DeprecatedFeatures.STRICT,
                        own);
        return own.errors().stream()
                .filter(error -> error.message().contains("cannot be honoured"))
                .map(Diagnostic::fieldPath)
                .toList();
    }

    private void check(Message message, DeprecatedFeatures features) {
        checker.check(message, "")
                .report(new UnheededFields(UnknownFieldPolicy.REJECT), features, diagnostics);
    }

    private int warnings(Message message, DeprecatedFeatures features) {
        Diagnostics own = new Diagnostics("test");
        checker.check(message, "")
                .report(new UnheededFields(UnknownFieldPolicy.REJECT), features, own);
        return own.warnings().size();
    }
}
