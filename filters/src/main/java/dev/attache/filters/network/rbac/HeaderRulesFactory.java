package dev.attache.filters.network.rbac;

import dev.attache.config.extension.CompileContext;
import io.envoyproxy.envoy.config.rbac.v3.Permission;
import io.envoyproxy.envoy.config.rbac.v3.Policy;
import io.envoyproxy.envoy.config.rbac.v3.Principal;
import io.envoyproxy.envoy.config.rbac.v3.RBAC;
import java.util.List;
import java.util.Map;

/** Reports rules that ask for headers, which a connection has not. */
final class HeaderRulesFactory {

    private HeaderRulesFactory() {}

    static void refuse(RBAC rules, CompileContext context) {
        for (Map.Entry<String, Policy> entry : rules.getPoliciesMap().entrySet()) {
            CompileContext at = context.at("policies", entry.getKey());
            permissions(entry.getValue().getPermissionsList(), "permissions", at);
            principals(entry.getValue().getPrincipalsList(), "principals", at);
        }
    }

    private static void permissions(
            List<Permission> permissions, String field, CompileContext context) {
        for (int i = 0; i < permissions.size(); i++) {
            permission(permissions.get(i), context.at(field, i));
        }
    }

    private static void permission(Permission permission, CompileContext context) {
        switch (permission.getRuleCase()) {
            case HEADER -> refused(permission.getHeader().getName(), context.at("header"));
            case AND_RULES ->
                    permissions(
                            permission.getAndRules().getRulesList(),
                            "rules",
                            context.at("and_rules"));
            case OR_RULES ->
                    permissions(
                            permission.getOrRules().getRulesList(),
                            "rules",
                            context.at("or_rules"));
            case NOT_RULE -> permission(permission.getNotRule(), context.at("not_rule"));
            default -> {
                // Asks for no header.
            }
        }
    }

    private static void principals(
            List<Principal> principals, String field, CompileContext context) {
        for (int i = 0; i < principals.size(); i++) {
            principal(principals.get(i), context.at(field, i));
        }
    }

    private static void principal(Principal principal, CompileContext context) {
        switch (principal.getIdentifierCase()) {
            case HEADER -> refused(principal.getHeader().getName(), context.at("header"));
            case AND_IDS ->
                    principals(principal.getAndIds().getIdsList(), "ids", context.at("and_ids"));
            case OR_IDS ->
                    principals(principal.getOrIds().getIdsList(), "ids", context.at("or_ids"));
            case NOT_ID -> principal(principal.getNotId(), context.at("not_id"));
            default -> {
                // Asks for no header.
            }
        }
    }

    private static void refused(String header, CompileContext context) {
        context.error(
                "Found header(%s) rule,not supported by RBAC network filter".formatted(header));
    }
}
