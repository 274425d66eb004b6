package dev.attache.config.ratelimit;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.ratelimit.Descriptor.HeadersOption;
import dev.attache.proxy.ratelimit.DescriptorAction;
import dev.attache.proxy.ratelimit.HitsAddend;
import dev.attache.proxy.ratelimit.LimitOverride;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.route.v3.RateLimit;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code envoy.config.route.v3.RateLimit}. What stands on routes and virtual hosts is read by the
 * filters of the chain, each for its stage; what a filter brings itself is its own.
 */
public final class RateLimitCompiler {
    private RateLimitCompiler() {}

    /** Those of a route or virtual host, at {@code rate_limits}. */
    public static List<RateLimitPolicy> ofRoutes(List<RateLimit> limits, CompileContext context) {
        if (limits.isEmpty()) {
            return List.of();
        }
        List<RateLimitPolicy> policies = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            // Envoy takes hits_addend from what filters bring, and nowhere else.
            policies.add(policy(limit, HitsAddend.UNSET, context.at("rate_limits", i)));
        }
        return policies;
    }

    /**
     * Those of a filter's own configuration, at {@code rate_limits}.
     *
     * @param withLimit whether limits may stand in them, for a service to take
     */
    public static List<RateLimitPolicy> ofFilter(
            List<RateLimit> limits, boolean withLimit, CompileContext context) {
        List<RateLimitPolicy> policies = new ArrayList<>(limits.size());
        for (int i = 0; i < limits.size(); i++) {
            RateLimit limit = limits.get(i);
            CompileContext at = context.at("rate_limits", i);
            if (limit.hasStage() || !limit.getDisableKey().isEmpty()) {
                at.error("'stage' field and 'disable_key' field are not supported");
            }
            if (limit.hasLimit() && !withLimit) {
                at.error("'limit' field is not supported");
            }
            policies.add(policy(limit, hits(limit, at), at));
        }
        return policies;
    }

    private static RateLimitPolicy policy(RateLimit limit, HitsAddend hits, CompileContext at) {
        List<DescriptorAction> actions = new ArrayList<>(limit.getActionsCount());
        for (int i = 0; i < limit.getActionsCount(); i++) {
            DescriptorAction action =
                    ActionCompiler.compile(limit.getActions(i), at.at("actions", i));
            if (action != null) {
                actions.add(action);
            }
        }
        return new RateLimitPolicy(
                limit.getStage().getValue(),
                limit.getDisableKey(),
                percent(limit.getDisableKey(), at),
                actions,
                hits,
                limit.getApplyOnStreamDone(),
                headers(limit),
                limit.hasLimit() ? override(limit.getLimit()) : new LimitOverride.None());
    }

    private static long percent(String disableKey, CompileContext context) {
        return disableKey.isEmpty()
                ? 100
                : context.settings()
                        .runtime()
                        .integer("ratelimit." + disableKey + ".http_filter_enabled")
                        .orElse(100L);
    }

    private static LimitOverride.Source override(RateLimit.Override override) {
        if (override.hasDynamicMetadata()) {
            MetadataKey place = override.getDynamicMetadata().getMetadataKey();
            return new LimitOverride.InMetadata(place.getKey(), ActionCompiler.path(place));
        }
        Overlay fixed = Overlay.of(override).overlay("rate_limit");
        return fixed == null
                ? new LimitOverride.None() // the walk has refused it
                : new LimitOverride.Fixed(
                        new LimitOverride(
                                fixed.number("requests_per_unit"),
                                LimitOverride.Unit.of((int) fixed.number("unit"))));
    }

    private static HeadersOption headers(RateLimit limit) {
        return switch (Overlay.of(limit).choice("x_ratelimit_option")) {
            case "OFF" -> HeadersOption.OFF;
            case "DRAFT_VERSION_03" -> HeadersOption.DRAFT_VERSION_03;
            default -> HeadersOption.UNSPECIFIED;
        };
    }

    private static HitsAddend hits(RateLimit limit, CompileContext context) {
        if (!limit.hasHitsAddend()) {
            return HitsAddend.UNSET;
        }
        RateLimit.HitsAddend hits = limit.getHitsAddend();
        CompileContext at = context.at("hits_addend");
        boolean negative = Overlay.of(hits).flag("is_negative_hits");
        if (hits.getFormat().isEmpty() == !hits.hasNumber()) {
            at.error("hits_addend must contain either a format or a number");
            return HitsAddend.UNSET;
        }
        if (hits.hasNumber()) {
            return new HitsAddend(hits.getNumber().getValue(), null, negative);
        }
        Formatter format = SubstitutionFormats.parse(hits.getFormat(), at.at("format"));
        if (format != null && format.size() != 1) {
            at.at("format").error("hits_addend format must contain exactly one substitution");
        }
        return new HitsAddend(-1, format, negative);
    }
}
