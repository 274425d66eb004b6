package dev.attache.config.accesslog;

import dev.attache.api.ApiTable;
import dev.attache.api.EnumType;
import dev.attache.api.EnumValue;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.accesslog.AccessLogFilter;
import dev.attache.proxy.accesslog.AccessLogFilter.Comparison;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import io.envoyproxy.envoy.config.accesslog.v3.ComparisonFilter;
import io.envoyproxy.envoy.config.accesslog.v3.LogTypeFilter;
import io.envoyproxy.envoy.config.accesslog.v3.MetadataFilter;
import io.envoyproxy.envoy.config.accesslog.v3.RuntimeFilter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.accesslog.v3.AccessLogFilter}. */
public final class AccessLogFilters {
    private static final String OP = "envoy.config.accesslog.v3.ComparisonFilter.Op";
    private static final String LOG_TYPE = "envoy.data.accesslog.v3.AccessLogType";

    private AccessLogFilters() {}

    /** The filter, or null with the error reported. */
    public static @Nullable AccessLogFilter compile(
            io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter filter,
            CompileContext context) {
        return switch (filter.getFilterSpecifierCase()) {
            case STATUS_CODE_FILTER -> {
                ComparisonFilter comparison = filter.getStatusCodeFilter().getComparison();
                yield new AccessLogFilter.StatusCode(op(comparison), value(comparison, context));
            }
            case DURATION_FILTER -> {
                ComparisonFilter comparison = filter.getDurationFilter().getComparison();
                yield new AccessLogFilter.Duration(op(comparison), value(comparison, context));
            }
            case NOT_HEALTH_CHECK_FILTER -> new AccessLogFilter.NotHealthCheck();
            case TRACEABLE_FILTER -> new AccessLogFilter.Traceable();
            case RUNTIME_FILTER -> sampled(filter.getRuntimeFilter(), context.at("runtime_filter"));
            case AND_FILTER ->
                    new AccessLogFilter.And(
                            all(filter.getAndFilter().getFiltersList(), context.at("and_filter")));
            case OR_FILTER ->
                    new AccessLogFilter.Or(
                            all(filter.getOrFilter().getFiltersList(), context.at("or_filter")));
            case HEADER_FILTER -> {
                var matcher =
                        HeaderMatchers.compile(
                                filter.getHeaderFilter().getHeader(),
                                context.at("header_filter").at("header"));
                yield matcher == null ? null : new AccessLogFilter.Header(matcher);
            }
            case RESPONSE_FLAG_FILTER -> {
                Set<ResponseFlag> flags = EnumSet.noneOf(ResponseFlag.class);
                filter.getResponseFlagFilter()
                        .getFlagsList()
                        .forEach(flag -> flags.add(ResponseFlag.valueOf(flag)));
                yield new AccessLogFilter.Flags(flags);
            }
            case GRPC_STATUS_FILTER -> {
                Set<Integer> statuses =
                        new HashSet<>(filter.getGrpcStatusFilter().getStatusesValueList());
                yield new AccessLogFilter.GrpcStatus(
                        statuses, filter.getGrpcStatusFilter().getExclude());
            }
            case METADATA_FILTER ->
                    metadata(filter.getMetadataFilter(), context.at("metadata_filter"));
            case LOG_TYPE_FILTER -> logType(filter.getLogTypeFilter());
            case EXTENSION_FILTER ->
                    context.at("extension_filter")
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.ACCESS_LOGGER_FILTER,
                                    AccessLogFilter.class,
                                    filter.getExtensionFilter().getName(),
                                    filter.getExtensionFilter().getTypedConfig());
            case FILTERSPECIFIER_NOT_SET -> {
                context.error("no filter is specified");
                yield null;
            }
        };
    }

    private static List<AccessLogFilter> all(
            List<io.envoyproxy.envoy.config.accesslog.v3.AccessLogFilter> filters,
            CompileContext context) {
        List<AccessLogFilter> compiled = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            AccessLogFilter filter = compile(filters.get(i), context.at("filters", i));
            if (filter != null) {
                compiled.add(filter);
            }
        }
        return compiled;
    }

    private static Comparison op(ComparisonFilter filter) {
        EnumType type = Objects.requireNonNull(ApiTable.enumeration(OP), OP);
        EnumValue op = Objects.requireNonNull(type.value(filter.getOpValue()), "checked before");
        return switch (op.name()) {
            case "EQ" -> Comparison.EQ;
            case "GE" -> Comparison.GE;
            case "LE" -> Comparison.LE;
            case "NE" -> Comparison.NE; // the class has no constant for it
            default -> throw new IllegalStateException("declared, but not built: " + op);
        };
    }

    private static long value(ComparisonFilter filter, CompileContext context) {
        long fallback = Integer.toUnsignedLong(filter.getValue().getDefaultValue());
        return context.settings()
                .runtime()
                .integer(filter.getValue().getRuntimeKey())
                .orElse(fallback);
    }

    private static AccessLogFilter sampled(RuntimeFilter filter, CompileContext context) {
        Fraction fallback =
                Fractions.compile(filter.getPercentSampled(), context.at("percent_sampled"));
        Fraction fraction =
                context.settings().runtime().fraction(filter.getRuntimeKey()).orElse(fallback);
        return new AccessLogFilter.Sampled(
                fraction.numerator(), fraction.denominator(), filter.getUseIndependentRandomness());
    }

    private static @Nullable AccessLogFilter metadata(
            MetadataFilter filter, CompileContext context) {
        boolean ifMissing =
                !filter.hasMatchIfKeyNotFound() || filter.getMatchIfKeyNotFound().getValue();
        if (!filter.hasMatcher()) {
            // Nothing is looked for, so nothing is ever found.
            return new AccessLogFilter.DynamicMetadata("", List.of(), value -> false, ifMissing);
        }
        var matcher = filter.getMatcher();
        var test = ValueMatchers.compile(matcher.getValue(), context.at("matcher").at("value"));
        return test == null
                ? null
                : new AccessLogFilter.DynamicMetadata(
                        matcher.getFilter(),
                        ValueMatchers.path(matcher),
                        value -> test.test(value) != matcher.getInvert(),
                        ifMissing);
    }

    private static AccessLogFilter logType(LogTypeFilter filter) {
        Set<AccessLogType> types = EnumSet.noneOf(AccessLogType.class);
        EnumType known = Objects.requireNonNull(ApiTable.enumeration(LOG_TYPE), LOG_TYPE);
        for (int number : filter.getTypesValueList()) {
            EnumValue type = known.value(number);
            if (type != null) { // else it is refused
                types.add(AccessLogType.valueOf(type.name()));
            }
        }
        return new AccessLogFilter.LogType(types, filter.getExclude());
    }
}
