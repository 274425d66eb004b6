package dev.attache.filters.rbac;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataMatch;
import io.envoyproxy.envoy.config.rbac.v3.MetadataSource;
import io.envoyproxy.envoy.config.rbac.v3.SourcedMetadata;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import org.jspecify.annotations.Nullable;

/** {@code metadata} and {@code sourced_metadata} of permissions and principals. */
final class MetadataFactory {

    private MetadataFactory() {}

    /**
     * The check, or null with the error reported.
     *
     * @param context of what holds the field
     */
    static @Nullable Check ofFilters(MetadataMatcher matcher, CompileContext context) {
        return compile(matcher, false, context.at("metadata"));
    }

    static @Nullable Check sourced(SourcedMetadata sourced, CompileContext context) {
        return compile(
                sourced.getMetadataMatcher(),
                sourced.getMetadataSource() == MetadataSource.ROUTE,
                context.at("metadata_matcher"));
    }

    private static @Nullable Check compile(
            MetadataMatcher matcher, boolean ofRoute, CompileContext context) {
        MetadataMatch match = ValueMatchers.compile(matcher, context);
        if (match == null) {
            return null;
        }
        return ofRoute
                ? new StateCheck.OfRoute(match)
                : new StateCheck.OfFilters(match, text(matcher.getValue()));
    }

    /** The only text that the matcher takes, of a list too, or null. */
    private static @Nullable String text(ValueMatcher matcher) {
        ValueMatcher value =
                matcher.hasListMatch() && matcher.getListMatch().hasOneOf()
                        ? matcher.getListMatch().getOneOf()
                        : matcher;
        return value.hasStringMatch() ? only(value.getStringMatch()) : null;
    }

    /** The only text that the matcher takes, as octets, or null. */
    static @Nullable String only(StringMatcher matcher) {
        return matcher.hasExact() && !matcher.getIgnoreCase()
                ? Octets.of(matcher.getExact())
                : null;
    }
}
