package dev.attache.config.bootstrap;

import com.google.protobuf.Value;
import dev.attache.api.ApiTable;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.listener.spec.InternalListenerSettings;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.ArrayList;
import java.util.List;

/** Checks of a bootstrap that concern the process as a whole rather than one resource. */
final class ProcessSettings {
    private ProcessSettings() {}

    /** The bootstrap's extensions. */
    static ProcessExtensions check(Bootstrap bootstrap, CompileContext context) {
        checkLog(bootstrap, context.at("application_log_config").at("log_format"));
        checkLocalCluster(bootstrap, context.at("cluster_manager"));
        checkDynamicResources(bootstrap, context.at("dynamic_resources"));
        checkRegexEngine(bootstrap, context.at("default_regex_engine"));
        return extensions(bootstrap, context);
    }

    private static ProcessExtensions extensions(Bootstrap bootstrap, CompileContext context) {
        InternalListenerSettings internal = null;
        List<ProcessSubscription> subscriptions = new ArrayList<>(1);
        for (int i = 0; i < bootstrap.getBootstrapExtensionsCount(); i++) {
            var extension = bootstrap.getBootstrapExtensions(i);
            Object compiled =
                    context.at("bootstrap_extensions", i)
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.BOOTSTRAP,
                                    Object.class,
                                    extension.getName(),
                                    extension.getTypedConfig());
            if (compiled instanceof InternalListenerSettings settings) {
                internal = settings;
            } else if (compiled instanceof ProcessSubscription subscription) {
                subscriptions.add(subscription);
            }
        }
        return new ProcessExtensions(internal, subscriptions);
    }

    private static void checkLog(Bootstrap bootstrap, CompileContext context) {
        var format = bootstrap.getApplicationLogConfig().getLogFormat();
        for (var field : format.getJsonFormat().getFieldsMap().entrySet()) {
            Value value = field.getValue();
            for (String flag : new String[] {"%v", "%_"}) {
                if (value.getStringValue().contains(flag)) {
                    context.at("json_format")
                            .error(
                                    "setJsonLogFormat error: INVALID_ARGUMENT: Usage of %s is unavailable for JSON log formats"
                                            .formatted(flag));
                }
            }
        }
    }

    private static void checkLocalCluster(Bootstrap bootstrap, CompileContext context) {
        String local = bootstrap.getClusterManager().getLocalClusterName();
        boolean defined =
                bootstrap.getStaticResources().getClustersList().stream()
                        .anyMatch(cluster -> cluster.getName().equals(local));
        if (!local.isEmpty() && !defined) {
            context.at("local_cluster_name")
                    .error("local cluster '%s' must be defined".formatted(local));
        }
    }

    private static void checkDynamicResources(Bootstrap bootstrap, CompileContext context) {
        var dynamic = bootstrap.getDynamicResources();
        if (dynamic.hasAdsConfig()) {
            context.at("ads_config").requireNode("ads");
            checkApi(bootstrap, dynamic.getAdsConfig(), context.at("ads_config"));
        }
        if (dynamic.hasCdsConfig()) {
            context.at("cds_config")
                    .requireNode("type.googleapis.com/envoy.config.cluster.v3.Cluster");
            checkSource(bootstrap, dynamic.getCdsConfig(), context.at("cds_config"));
            checkRefresh(dynamic.getCdsConfig(), context.at("cds_config"));
        }
        if (dynamic.hasLdsConfig()) {
            checkSource(bootstrap, dynamic.getLdsConfig(), context.at("lds_config"));
        }
        if (!dynamic.getCdsResourcesLocator().isEmpty()
                || !dynamic.getLdsResourcesLocator().isEmpty()) {
            context.error("xdstp collections are not built yet");
        }
    }

    private static void checkSource(
            Bootstrap bootstrap, ConfigSource source, CompileContext context) {
        if (source.hasApiConfigSource()) {
            checkApi(bootstrap, source.getApiConfigSource(), context.at("api_config_source"));
        } else {
            context.existing(source);
        }
    }

    /** Envoy asks this of CDS only before it runs. */
    private static void checkRefresh(ConfigSource source, CompileContext context) {
        ApiConfigSource api = source.getApiConfigSource();
        boolean rest =
                source.hasApiConfigSource() && api.getApiType() == ApiConfigSource.ApiType.REST;
        if (rest && !api.hasRefreshDelay()) {
            context.at("api_config_source")
                    .at("refresh_delay")
                    .error("refresh_delay is required for REST API configuration sources");
        }
    }

    private static void checkApi(
            Bootstrap bootstrap, ApiConfigSource source, CompileContext context) {
        if (source.getTransportApiVersion() == ApiVersion.V2) {
            context.at("transport_api_version")
                    .error("V2 xDS transport protocol version is deprecated");
        }
        if (source.getGrpcServicesCount() == 0 && source.getClusterNamesCount() == 0) {
            context.error("API configs must have either a gRPC service or a cluster name defined");
        }
        boolean grpc =
                source.getApiType() == ApiConfigSource.ApiType.GRPC
                        || source.getApiType() == ApiConfigSource.ApiType.DELTA_GRPC;
        if (grpc && source.getClusterNamesCount() > 0) {
            context.at("cluster_names")
                    .error(
                            "%s::(DELTA_)GRPC must not have a cluster name specified"
                                    .formatted(ApiTable.of(source).fullName()));
        }
        for (int i = 0; i < source.getGrpcServicesCount(); i++) {
            String cluster = source.getGrpcServices(i).getEnvoyGrpc().getClusterName();
            boolean known =
                    bootstrap.getStaticResources().getClustersList().stream()
                            .anyMatch(c -> c.getName().equals(cluster));
            if (!cluster.isEmpty() && !known) {
                context.at("grpc_services", i)
                        .at("envoy_grpc")
                        .at("cluster_name")
                        .error("Unknown gRPC client cluster '%s'".formatted(cluster));
            }
        }
    }

    /** RE2 is the only engine there is, here as in Envoy's own build. */
    private static void checkRegexEngine(Bootstrap bootstrap, CompileContext context) {
        if (!bootstrap.hasDefaultRegexEngine()) {
            return;
        }
        var engine = bootstrap.getDefaultRegexEngine();
        String type = TypeRegistry.nameOf(engine.getTypedConfig().getTypeUrl());
        if (!type.equals("envoy.extensions.regex_engines.v3.GoogleRE2")) {
            context.at("typed_config").missing(engine.getName(), type);
        }
    }
}
