package dev.attache.config.bootstrap;

import com.google.protobuf.Any;
import com.google.protobuf.Value;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks of a bootstrap that concern the process as a whole rather than one resource. */
final class ProcessSettings {
    private ProcessSettings() {}

    static void check(Bootstrap bootstrap, CompileContext context) {
        checkWatchdogs(bootstrap, context);
        checkLog(bootstrap, context.at("application_log_config").at("log_format"));
        checkLocalCluster(bootstrap, context.at("cluster_manager"));
        checkDynamicResources(bootstrap, context.at("dynamic_resources"));
        checkSinks(bootstrap, context);
        for (int i = 0; i < bootstrap.getBootstrapExtensionsCount(); i++) {
            var extension = bootstrap.getBootstrapExtensions(i);
            context.at("bootstrap_extensions", i)
                    .at("typed_config")
                    .extension(
                            ExtensionCategory.BOOTSTRAP,
                            Object.class,
                            extension.getName(),
                            extension.getTypedConfig());
        }
    }

    @SuppressWarnings("deprecation") // both forms exist
    private static void checkWatchdogs(Bootstrap bootstrap, CompileContext context) {
        if (bootstrap.hasWatchdog() && bootstrap.hasWatchdogs()) {
            context.at("watchdogs").error("Only one of watchdog or watchdogs should be set!");
        }
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
            checkApi(bootstrap, dynamic.getAdsConfig(), context.at("ads_config"));
        }
        if (dynamic.hasCdsConfig()) {
            checkSource(bootstrap, dynamic.getCdsConfig(), context.at("cds_config"));
        }
        if (dynamic.hasLdsConfig()) {
            checkSource(bootstrap, dynamic.getLdsConfig(), context.at("lds_config"));
        }
        if (!dynamic.getCdsResourcesLocator().isEmpty()
                || !dynamic.getLdsResourcesLocator().isEmpty()) {
            context.error("xdstp collections are not built yet");
        }
    }

    @SuppressWarnings("deprecation") // ConfigSource.path is still in use
    private static void checkSource(
            Bootstrap bootstrap, ConfigSource source, CompileContext context) {
        switch (source.getConfigSourceSpecifierCase()) {
            case PATH -> checkPath(source.getPath(), context.at("path"));
            case PATH_CONFIG_SOURCE ->
                    checkPath(
                            source.getPathConfigSource().getPath(),
                            context.at("path_config_source").at("path"));
            case API_CONFIG_SOURCE ->
                    checkApi(
                            bootstrap, source.getApiConfigSource(), context.at("api_config_source"));
            case ADS, SELF, CONFIGSOURCESPECIFIER_NOT_SET -> {}
        }
    }

    private static void checkPath(String path, CompileContext context) {
        if (!Files.exists(Path.of(path))) {
            context.error(
                    "paths must refer to an existing path in the system: '%s' does not exist"
                            .formatted(path));
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
        boolean rest = source.getApiType() == ApiConfigSource.ApiType.REST;
        if (rest && !source.hasRefreshDelay()) {
            context.at("refresh_delay")
                    .error("refresh_delay is required for REST API configuration sources");
        }
    }

    /** What is accepted without effect must at least exist. */
    @SuppressWarnings("deprecation") // the bootstrap's tracing is deprecated
    private static void checkSinks(Bootstrap bootstrap, CompileContext context) {
        for (int i = 0; i < bootstrap.getStatsSinksCount(); i++) {
            CompileContext at = context.at("stats_sinks", i);
            var sink = bootstrap.getStatsSinks(i);
            if (exists(sink.getName(), sink.getTypedConfig(), at.at("typed_config"))) {
                at.warning("stats sinks are not built yet: nothing is sent");
            }
        }
        if (bootstrap.getTracing().hasHttp()) {
            CompileContext at = context.at("tracing").at("http");
            var tracer = bootstrap.getTracing().getHttp();
            if (exists(tracer.getName(), tracer.getTypedConfig(), at.at("typed_config"))) {
                at.warning("tracing is not built yet: no spans are sent");
            }
        }
    }

    private static boolean exists(String name, Any config, CompileContext context) {
        String url = config.getTypeUrl();
        if (context.settings().types().find(url).isPresent()) {
            return true;
        }
        context.error(
                "Didn't find a registered implementation for '%s' with type URL: '%s'"
                        .formatted(name, url));
        return false;
    }
}
