package dev.attache.filters.rbac;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.FilterStateMatchers;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.FilterState;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.rbac.v3.Principal}. */
final class PrincipalFactory {

    private PrincipalFactory() {}

    /** The principals, of whom one is enough; fewer than there are where errors are reported. */
    static Check either(List<Principal> principals, String field, CompileContext context) {
        return new Combination.Either(all(principals, field, context));
    }

    private static List<Check> all(
            List<Principal> principals, String field, CompileContext context) {
        List<Check> checks = new ArrayList<>(principals.size());
        for (int i = 0; i < principals.size(); i++) {
            Check check = compile(principals.get(i), context.at(field, i));
            if (check != null) {
                checks.add(check);
            }
        }
        return checks;
    }

    /** The check, or null with the error reported. */
    private static @Nullable Check compile(Principal principal, CompileContext context) {
        return switch (principal.getIdentifierCase()) {
            case AND_IDS ->
                    new Combination.All(
                            all(principal.getAndIds().getIdsList(), "ids", context.at("and_ids")));
            case OR_IDS -> either(principal.getOrIds().getIdsList(), "ids", context.at("or_ids"));
            case NOT_ID -> {
                Check not = compile(principal.getNotId(), context.at("not_id"));
                yield not == null ? null : new Combination.Not(not);
            }
            case ANY -> new Combination.Any();
            case AUTHENTICATED ->
                    authenticated(principal.getAuthenticated(), context.at("authenticated"));
            case SOURCE_IP, DIRECT_REMOTE_IP, REMOTE_IP -> address(principal, context);
            case HEADER -> PermissionFactory.header(principal.getHeader(), context.at("header"));
            case URL_PATH -> PermissionFactory.path(principal.getUrlPath(), context.at("url_path"));
            case METADATA -> MetadataFactory.ofFilters(principal.getMetadata(), context);
            case SOURCED_METADATA ->
                    MetadataFactory.sourced(
                            principal.getSourcedMetadata(), context.at("sourced_metadata"));
            case FILTER_STATE ->
                    filterState(principal.getFilterState(), context.at("filter_state"));
            case CUSTOM ->
                    context.at("custom")
                            .extension(
                                    ExtensionCategory.RBAC_PRINCIPAL,
                                    Check.class,
                                    principal.getCustom().getName(),
                                    principal.getCustom().getTypedConfig());
            case IDENTIFIER_NOT_SET -> {
                context.error("no identifier is set");
                yield null;
            }
        };
    }

    private static @Nullable Check authenticated(
            Principal.Authenticated authenticated, CompileContext context) {
        if (!authenticated.hasPrincipalName()) {
            return new ConnectionCheck.Authenticated(null);
        }
        StringMatcher name =
                StringMatchers.compile(
                        authenticated.getPrincipalName(), context.at("principal_name"));
        return name == null ? null : new ConnectionCheck.Authenticated(name);
    }

    @SuppressWarnings("deprecation") // control planes still send source_ip
    private static @Nullable Check address(Principal principal, CompileContext context) {
        if (principal.hasSourceIp()) {
            return PermissionFactory.address(
                    AddressPlace.SOURCE, principal.getSourceIp(), context.at("source_ip"));
        }
        return principal.hasDirectRemoteIp()
                ? PermissionFactory.address(
                        AddressPlace.DIRECT_REMOTE,
                        principal.getDirectRemoteIp(),
                        context.at("direct_remote_ip"))
                : PermissionFactory.address(
                        AddressPlace.REMOTE, principal.getRemoteIp(), context.at("remote_ip"));
    }

    private static @Nullable Check filterState(FilterStateMatcher matcher, CompileContext context) {
        Predicate<FilterState.Value> test = FilterStateMatchers.compile(matcher, context);
        return test == null
                ? null
                : new StateCheck.OfFilterState(
                        matcher.getKey(),
                        test,
                        matcher.hasStringMatch()
                                ? MetadataFactory.only(matcher.getStringMatch())
                                : null);
    }
}
