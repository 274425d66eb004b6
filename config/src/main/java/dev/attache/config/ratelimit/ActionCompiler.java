package dev.attache.config.ratelimit;

import com.google.protobuf.Message;
import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.matching.MatchInputs;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.ratelimit.DecodedQuery;
import dev.attache.proxy.ratelimit.DescriptorAction;
import dev.attache.proxy.ratelimit.DescriptorValue;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RateLimit.Action;
import io.envoyproxy.envoy.type.matcher.v3.AddressMatcher;
import io.envoyproxy.envoy.type.metadata.v3.MetadataKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code RateLimit.Action}. */
final class ActionCompiler {
    /** Envoy reads {@code descriptor_value} as a format where this is switched on. */
    private static final String FORMATS =
            "envoy.reloadable_features.enable_formatter_for_ratelimit_action_descriptor_value";

    private ActionCompiler() {}

    /** The action, or null with the errors reported. */
    @SuppressWarnings("deprecation") // dynamic_metadata where its use is allowed
    static @Nullable DescriptorAction compile(Action action, CompileContext context) {
        return switch (action.getActionSpecifierCase()) {
            case SOURCE_CLUSTER -> new DescriptorAction.SourceCluster();
            case DESTINATION_CLUSTER -> new DescriptorAction.DestinationCluster();
            case REQUEST_HEADERS ->
                    new DescriptorAction.RequestHeader(
                            HeaderName.of(action.getRequestHeaders().getHeaderName()),
                            Octets.of(action.getRequestHeaders().getDescriptorKey()),
                            action.getRequestHeaders().getSkipIfAbsent());
            case QUERY_PARAMETERS ->
                    new DescriptorAction.QueryParameter(
                            Octets.of(action.getQueryParameters().getQueryParameterName()),
                            Octets.of(action.getQueryParameters().getDescriptorKey()),
                            action.getQueryParameters().getSkipIfAbsent());
            case REMOTE_ADDRESS -> new DescriptorAction.RemoteAddress();
            case MASKED_REMOTE_ADDRESS -> masked(action.getMaskedRemoteAddress());
            case GENERIC_KEY -> genericKey(action.getGenericKey(), context.at("generic_key"));
            case HEADER_VALUE_MATCH ->
                    headers(action.getHeaderValueMatch(), context.at("header_value_match"));
            case QUERY_PARAMETER_VALUE_MATCH ->
                    query(
                            action.getQueryParameterValueMatch(),
                            context.at("query_parameter_value_match"));
            case METADATA -> metadata(action.getMetadata());
            case DYNAMIC_METADATA -> metadata(action.getDynamicMetadata());
            case EXTENSION -> extension(action.getExtension(), context.at("extension"));
            case ACTIONSPECIFIER_NOT_SET -> newer(action, context);
        };
    }

    private static DescriptorAction masked(Action.MaskedRemoteAddress masked) {
        return new DescriptorAction.MaskedRemoteAddress(
                masked.hasV4PrefixMaskLen() ? masked.getV4PrefixMaskLen().getValue() : 32,
                masked.hasV6PrefixMaskLen() ? masked.getV6PrefixMaskLen().getValue() : 128);
    }

    private static DescriptorAction genericKey(Action.GenericKey generic, CompileContext context) {
        return new DescriptorAction.GenericKey(
                keyOr(generic.getDescriptorKey(), "generic_key"),
                value(generic.getDescriptorValue(), generic, context));
    }

    private static DescriptorAction headers(Action.HeaderValueMatch match, CompileContext context) {
        return new DescriptorAction.HeaderValueMatch(
                HeaderMatchers.compile(match.getHeadersList(), "headers", context),
                !match.hasExpectMatch() || match.getExpectMatch().getValue(),
                keyOr(match.getDescriptorKey(), "header_match"),
                value(match.getDescriptorValue(), match, context));
    }

    private static DescriptorAction query(
            Action.QueryParameterValueMatch match, CompileContext context) {
        List<DecodedQuery.Condition> conditions = new ArrayList<>();
        for (int i = 0; i < match.getQueryParametersCount(); i++) {
            QueryParameterMatcher parameter = match.getQueryParameters(i);
            StringMatcher text =
                    parameter.hasStringMatch()
                            ? StringMatchers.compile(
                                    parameter.getStringMatch(),
                                    context.at("query_parameters", i).at("string_match"))
                            : null;
            boolean present = !parameter.hasPresentMatch() || parameter.getPresentMatch();
            conditions.add(
                    new DecodedQuery.Condition(Octets.of(parameter.getName()), text, present));
        }
        return new DescriptorAction.QueryParameterValueMatch(
                conditions,
                !match.hasExpectMatch() || match.getExpectMatch().getValue(),
                keyOr(match.getDescriptorKey(), "query_match"),
                value(match.getDescriptorValue(), match, context));
    }

    private static DescriptorAction metadata(Action.MetaData metadata) {
        return metadata(
                metadata.getSource() == Action.MetaData.Source.ROUTE_ENTRY,
                metadata.getMetadataKey(),
                metadata.getDescriptorKey(),
                metadata.getDefaultValue(),
                metadata.getSkipIfAbsent());
    }

    private static DescriptorAction metadata(Action.DynamicMetaData metadata) {
        return metadata(
                false,
                metadata.getMetadataKey(),
                metadata.getDescriptorKey(),
                metadata.getDefaultValue(),
                false);
    }

    private static DescriptorAction metadata(
            boolean ofRoute,
            MetadataKey place,
            String key,
            String otherwise,
            boolean skipIfAbsent) {
        return new DescriptorAction.MetadataText(
                ofRoute,
                place.getKey(),
                path(place),
                Octets.of(key),
                Octets.of(otherwise),
                skipIfAbsent);
    }

    static List<String> path(MetadataKey place) {
        List<String> path = new ArrayList<>(place.getPathCount());
        for (MetadataKey.PathSegment segment : place.getPathList()) {
            path.add(segment.getKey());
        }
        return path;
    }

    /** One of descriptors, or else an input of a matcher, as Envoy looks for them. */
    private static @Nullable DescriptorAction extension(
            TypedExtensionConfig config, CompileContext context) {
        if (context.knowsExtension(
                ExtensionCategory.RATE_LIMIT_DESCRIPTOR, config.getTypedConfig())) {
            return context.at("typed_config")
                    .extension(
                            ExtensionCategory.RATE_LIMIT_DESCRIPTOR,
                            DescriptorAction.class,
                            config.getName(),
                            config.getTypedConfig());
        }
        var input = MatchInputs.http(config.getName(), config.getTypedConfig(), context);
        return input == null
                ? null
                : new DescriptorAction.Input(Octets.of(config.getName()), input);
    }

    private static @Nullable DescriptorAction newer(Action action, CompileContext context) {
        Overlay match = Overlay.of(action).overlay("remote_address_match");
        if (match == null) {
            return null; // the walk has refused it
        }
        CompileContext at = context.at("remote_address_match");
        AddressMatcher addresses =
                match.message("address_matcher", AddressMatcher.getDefaultInstance());
        return addresses == null
                ? null
                : new DescriptorAction.RemoteAddressMatch(
                        CidrRanges.compileXds(
                                addresses.getRangesList(), "ranges", at.at("address_matcher")),
                        Overlay.of(addresses).flag("invert_match"),
                        keyOr(match.text("descriptor_key"), "remote_address_match"),
                        value(match.text("descriptor_value"), match.text("default_value"), at));
    }

    private static String keyOr(String configured, String otherwise) {
        return configured.isEmpty() ? otherwise : Octets.of(configured);
    }

    private static DescriptorValue value(String text, Message holder, CompileContext context) {
        return value(text, Overlay.of(holder).text("default_value"), context);
    }

    private static DescriptorValue value(String text, String otherwise, CompileContext context) {
        boolean formats = context.settings().runtime().flag(FORMATS, false);
        Formatter format =
                formats ? SubstitutionFormats.parse(text, context.at("descriptor_value")) : null;
        return new DescriptorValue(Octets.of(text), format, Octets.of(otherwise));
    }
}
