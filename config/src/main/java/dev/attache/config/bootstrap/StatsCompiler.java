package dev.attache.config.bootstrap;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.StatsMatchers;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.sink.StatsSinkSpec;
import dev.attache.proxy.stats.tags.TagRule;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.metrics.v3.StatsConfig;
import io.envoyproxy.envoy.config.metrics.v3.TagSpecifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** {@code stats_config} and the flush intervals. */
final class StatsCompiler {
    private static final long DEFAULT_FLUSH_MILLIS = 5_000;

    /** Tags that Envoy extracts by itself and that may be configured by name alone. */
    private static final Set<String> DEFAULT_TAGS =
            Set.of(
                    "envoy.cluster_name",
                    "envoy.listener_address",
                    "envoy.http_conn_manager_prefix",
                    "envoy.http_user_agent",
                    "envoy.ssl_cipher",
                    "envoy.ssl_cipher_suite",
                    "envoy.grpc_bridge_service",
                    "envoy.grpc_bridge_method",
                    "envoy.virtual_host",
                    "envoy.virtual_cluster",
                    "envoy.route",
                    "envoy.response_code",
                    "envoy.response_code_class",
                    "envoy.rds_route_config",
                    "envoy.scoped_rds_config",
                    "envoy.worker_id",
                    "envoy.thrift_prefix",
                    "envoy.tcp_prefix",
                    "envoy.udp_prefix",
                    "envoy.mongo_prefix",
                    "envoy.mongo_cmd",
                    "envoy.mongo_collection",
                    "envoy.mongo_callsite",
                    "envoy.ratelimit_prefix",
                    "envoy.local_http_ratelimit_prefix",
                    "envoy.local_network_ratelimit_prefix",
                    "envoy.local_listener_ratelimit_prefix",
                    "envoy.dns_filter_prefix",
                    "envoy.connection_limit_prefix",
                    "envoy.rbac_prefix",
                    "envoy.rbac_http_prefix",
                    "envoy.rbac_policy_name",
                    "envoy.ext_authz_prefix",
                    "envoy.redis_prefix",
                    "envoy.fault_downstream_cluster",
                    "envoy.dynamo_operation",
                    "envoy.dynamo_table",
                    "envoy.dynamo_partition_id",
                    "envoy.clientssl_prefix",
                    "envoy.google_grpc_client_prefix",
                    "envoy.proxy_protocol_prefix",
                    "envoy.proxy_protocol_version",
                    "envoy.tls_certificate",
                    "envoy.xds_authority",
                    "envoy.xds_resource_name",
                    "envoy.dns_prefix");

    private StatsCompiler() {}

    static StatsSettings compile(Bootstrap bootstrap, CompileContext context) {
        StatsConfig config = bootstrap.getStatsConfig();
        CompileContext at = context.at("stats_config");
        long flush =
                Durations.millis(
                        bootstrap.hasStatsFlushInterval(),
                        bootstrap.getStatsFlushInterval(),
                        DEFAULT_FLUSH_MILLIS,
                        context.at("stats_flush_interval"));
        long eviction =
                Durations.millis(
                        bootstrap.getStatsEvictionInterval(),
                        context.at("stats_eviction_interval"));
        if (eviction > 0 && flush > 0 && eviction % flush != 0) {
            context.at("stats_eviction_interval")
                    .error("stats_eviction_interval must be a multiple of stats_flush_interval");
        }
        return new StatsSettings(
                tags(config, at),
                !config.hasUseAllDefaultTags() || config.getUseAllDefaultTags().getValue(),
                StatsMatchers.compile(config.getStatsMatcher(), at.at("stats_matcher")),
                buckets(config, at),
                sinks(bootstrap, context),
                flush,
                bootstrap.getStatsFlushOnAdmin(),
                eviction);
    }

    private static List<StatsSinkSpec> sinks(Bootstrap bootstrap, CompileContext context) {
        List<StatsSinkSpec> sinks = new ArrayList<>(bootstrap.getStatsSinksCount());
        for (int i = 0; i < bootstrap.getStatsSinksCount(); i++) {
            var sink = bootstrap.getStatsSinks(i);
            StatsSinkSpec compiled =
                    context.at("stats_sinks", i)
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.STATS_SINK,
                                    StatsSinkSpec.class,
                                    sink.getName(),
                                    sink.getTypedConfig());
            if (compiled != null) {
                sinks.add(compiled);
            }
        }
        return sinks;
    }

    private static List<StatsSettings.Tag> tags(StatsConfig config, CompileContext context) {
        List<StatsSettings.Tag> tags = new ArrayList<>();
        for (int i = 0; i < config.getStatsTagsCount(); i++) {
            StatsSettings.Tag tag = tag(config.getStatsTags(i), context.at("stats_tags", i));
            if (tag != null) {
                tags.add(tag);
            }
        }
        return tags;
    }

    private static StatsSettings.@Nullable Tag tag(TagSpecifier tag, CompileContext context) {
        if (tag.hasFixedValue()) {
            return new StatsSettings.Tag(tag.getTagName(), null, tag.getFixedValue());
        }
        if (tag.getRegex().isEmpty()) {
            if (!DEFAULT_TAGS.contains(tag.getTagName())) {
                context.error(
                        "No regex specified for tag specifier and no default regex for name: '%s'"
                                .formatted(tag.getTagName()));
                return null;
            }
            return new StatsSettings.Tag(tag.getTagName(), null, null);
        }
        try {
            Pattern regex = Pattern.compile(TagRule.fromEcmaScript(tag.getRegex()));
            return new StatsSettings.Tag(tag.getTagName(), regex, null);
        } catch (PatternSyntaxException e) {
            boolean parentheses =
                    e.getDescription().equals("Unclosed group")
                            || e.getDescription().startsWith("Unmatched closing");
            String reason =
                    parentheses
                            ? "The expression contained mismatched ( and )."
                            : e.getDescription();
            context.at("regex").error("Invalid regex '%s': %s".formatted(tag.getRegex(), reason));
            return null;
        }
    }

    private static List<StatsSettings.Buckets> buckets(StatsConfig config, CompileContext context) {
        List<StatsSettings.Buckets> buckets = new ArrayList<>();
        for (int i = 0; i < config.getHistogramBucketSettingsCount(); i++) {
            var setting = config.getHistogramBucketSettings(i);
            CompileContext at = context.at("histogram_bucket_settings", i);
            StringMatcher match = StringMatchers.compile(setting.getMatch(), at.at("match"));
            if (match != null) {
                buckets.add(
                        new StatsSettings.Buckets(
                                match, setting.getBucketsList().stream().sorted().toList()));
            }
        }
        return buckets;
    }
}
