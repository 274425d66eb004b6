package dev.attache.filters.rbac;

import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.route.UriTemplates;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.UriTemplate;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.type.v3.Int32Range;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.rbac.v3.Permission}. */
final class PermissionFactory {

    private static final int PORTS = 65536;

    private PermissionFactory() {}

    /** The permissions, of which one is enough; fewer than there are where errors are reported. */
    static Check either(List<Permission> permissions, String field, CompileContext context) {
        return new Combination.Either(all(permissions, field, context));
    }

    private static List<Check> all(
            List<Permission> permissions, String field, CompileContext context) {
        List<Check> checks = new ArrayList<>(permissions.size());
        for (int i = 0; i < permissions.size(); i++) {
            Check check = compile(permissions.get(i), context.at(field, i));
            if (check != null) {
                checks.add(check);
            }
        }
        return checks;
    }

    /** The check, or null with the error reported. */
    private static @Nullable Check compile(Permission permission, CompileContext context) {
        return switch (permission.getRuleCase()) {
            case AND_RULES ->
                    new Combination.All(
                            all(
                                    permission.getAndRules().getRulesList(),
                                    "rules",
                                    context.at("and_rules")));
            case OR_RULES ->
                    either(permission.getOrRules().getRulesList(), "rules", context.at("or_rules"));
            case NOT_RULE -> {
                Check not = compile(permission.getNotRule(), context.at("not_rule"));
                yield not == null ? null : new Combination.Not(not);
            }
            case ANY -> new Combination.Any();
            case HEADER -> header(permission.getHeader(), context.at("header"));
            case URL_PATH -> path(permission.getUrlPath(), context.at("url_path"));
            case URI_TEMPLATE -> {
                UriTemplate template =
                        UriTemplates.compile(
                                permission.getUriTemplate(), context.at("uri_template"));
                yield template == null ? null : new RequestCheck.Template(template);
            }
            case METADATA -> MetadataFactory.ofFilters(permission.getMetadata(), context);
            case SOURCED_METADATA ->
                    MetadataFactory.sourced(
                            permission.getSourcedMetadata(), context.at("sourced_metadata"));
            case MATCHER ->
                    context.at("matcher")
                            .extension(
                                    ExtensionCategory.RBAC_MATCHER,
                                    Check.class,
                                    permission.getMatcher().getName(),
                                    permission.getMatcher().getTypedConfig());
            case DESTINATION_IP, DESTINATION_PORT, DESTINATION_PORT_RANGE, REQUESTED_SERVER_NAME ->
                    ofConnection(permission, context);
            case RULE_NOT_SET -> {
                context.error("no rule is set");
                yield null;
            }
        };
    }

    private static @Nullable Check ofConnection(Permission permission, CompileContext context) {
        if (permission.hasDestinationIp()) {
            return address(
                    AddressPlace.DESTINATION,
                    permission.getDestinationIp(),
                    context.at("destination_ip"));
        }
        if (permission.hasDestinationPort()) {
            return new ConnectionCheck.PortIn(
                    permission.getDestinationPort(), permission.getDestinationPort() + 1);
        }
        if (permission.hasDestinationPortRange()) {
            return ports(
                    permission.getDestinationPortRange(), context.at("destination_port_range"));
        }
        StringMatcher name =
                StringMatchers.compile(
                        permission.getRequestedServerName(), context.at("requested_server_name"));
        return name == null ? null : new ConnectionCheck.ServerName(name);
    }

    private static @Nullable Check ports(Int32Range range, CompileContext context) {
        int start = range.getStart();
        int end = range.getEnd();
        if (start < 0 || start > PORTS) {
            context.error("range start %d is out of bounds".formatted(start));
            return null;
        }
        if (end < 0 || end > PORTS) {
            context.error("range end %d is out of bounds".formatted(end));
            return null;
        }
        if (start >= end) {
            context.error(
                    "range start %d cannot be greater or equal than range end %d"
                            .formatted(start, end));
            return null;
        }
        return new ConnectionCheck.PortIn(start, end);
    }

    static @Nullable Check header(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher header, CompileContext context) {
        HeaderMatcher matcher = HeaderMatchers.compile(header, context);
        return matcher == null ? null : new RequestCheck.Header(matcher);
    }

    static @Nullable Check path(
            io.envoyproxy.envoy.type.matcher.v3.PathMatcher path, CompileContext context) {
        StringMatcher matcher = StringMatchers.compile(path.getPath(), context.at("path"));
        return matcher == null ? null : new RequestCheck.Path(matcher);
    }

    static @Nullable Check address(
            AddressPlace place,
            io.envoyproxy.envoy.config.core.v3.CidrRange range,
            CompileContext context) {
        CidrRange compiled = CidrRanges.compile(range, context);
        return compiled == null ? null : new ConnectionCheck.AddressIn(place, compiled);
    }
}
