package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.route.RouteAction.HostRewrite;
import dev.attache.proxy.route.RouteAction.PathRewrite;
import dev.attache.proxy.route.RouteAction.Redirect;
import dev.attache.proxy.stream.format.Formatter;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.RedirectAction.PathRewriteSpecifierCase;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteAction.HostRewriteSpecifierCase;
import io.envoyproxy.envoy.extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import org.jspecify.annotations.Nullable;

/** How routes and redirects change path and host. */
final class RewriteCompiler {
    private RewriteCompiler() {}

    static @Nullable PathRewrite path(RouteAction action, CompileContext context) {
        String format = Overlay.of(action).text("path_rewrite");
        int forms =
                (format.isEmpty() ? 0 : 1)
                        + (action.getPrefixRewrite().isEmpty() ? 0 : 1)
                        + (action.hasRegexRewrite() ? 1 : 0)
                        + (action.hasPathRewritePolicy() ? 1 : 0);
        if (forms > 1) {
            context.error(
                    "Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy"
                            + (format.isEmpty() ? "" : ", or path_rewrite"));
            return null;
        }
        if (!format.isEmpty()) {
            return formatted(format, context.at("path_rewrite"));
        }
        if (action.hasRegexRewrite()) {
            return substitute(action.getRegexRewrite(), context.at("regex_rewrite"));
        }
        if (action.hasPathRewritePolicy()) {
            UriTemplateRewriteConfig config =
                    context.at("path_rewrite_policy")
                            .at("typed_config")
                            .unpack(
                                    action.getPathRewritePolicy().getTypedConfig(),
                                    UriTemplateRewriteConfig.getDefaultInstance());
            return config == null
                    ? null
                    : new PathRewrite.Template(Octets.of(config.getPathTemplateRewrite()));
        }
        return action.getPrefixRewrite().isEmpty()
                ? null
                : new PathRewrite.Prefix(Octets.of(action.getPrefixRewrite()));
    }

    private static @Nullable PathRewrite substitute(
            RegexMatchAndSubstitute rewrite, CompileContext context) {
        Regex regex = StringMatchers.regex(rewrite.getPattern(), context.at("pattern"));
        return regex == null
                ? null
                : new PathRewrite.Substitute(regex, Octets.of(rewrite.getSubstitution()));
    }

    private static @Nullable PathRewrite formatted(String format, CompileContext context) {
        Formatter formatter = SubstitutionFormats.parse(format, context);
        return formatter == null ? null : new PathRewrite.Formatted(formatter);
    }

    static @Nullable HostRewrite host(RouteAction action, CompileContext context) {
        String format = Overlay.of(action).text("host_rewrite");
        var specifier = action.getHostRewriteSpecifierCase();
        if (!format.isEmpty()) {
            boolean taken = specifier != HostRewriteSpecifierCase.HOSTREWRITESPECIFIER_NOT_SET;
            Formatter formatter = newer("host_rewrite", format, taken, context);
            return formatter == null ? null : new HostRewrite.Formatted(formatter);
        }
        return switch (specifier) {
            case HOST_REWRITE_LITERAL ->
                    new HostRewrite.Literal(Octets.of(action.getHostRewriteLiteral()));
            case AUTO_HOST_REWRITE ->
                    action.getAutoHostRewrite().getValue() ? new HostRewrite.Auto() : null;
            case HOST_REWRITE_HEADER ->
                    new HostRewrite.FromHeader(HeaderName.of(action.getHostRewriteHeader()));
            case HOST_REWRITE_PATH_REGEX -> {
                var rewrite = action.getHostRewritePathRegex();
                CompileContext at = context.at("host_rewrite_path_regex").at("pattern");
                Regex regex = StringMatchers.regex(rewrite.getPattern(), at);
                yield regex == null
                        ? null
                        : new HostRewrite.FromPath(regex, Octets.of(rewrite.getSubstitution()));
            }
            case HOSTREWRITESPECIFIER_NOT_SET -> null;
        };
    }

    /**
     * Of a oneof one field can be set. A newer one travels beside what the message class knows, so
     * that parsing does not see to it.
     */
    private static @Nullable Formatter newer(
            String field, String format, boolean taken, CompileContext context) {
        CompileContext at = context.at(field);
        if (taken) {
            return taken(field, at);
        }
        return SubstitutionFormats.parse(format, at);
    }

    private static @Nullable Formatter taken(String field, CompileContext context) {
        context.error("'" + field + "' has already been set as part of a oneof");
        return null;
    }

    private static @Nullable PathRewrite path(RedirectAction action, CompileContext context) {
        String format = Overlay.of(action).text("path_rewrite");
        var specifier = action.getPathRewriteSpecifierCase();
        if (!format.isEmpty()) {
            boolean taken = specifier != PathRewriteSpecifierCase.PATHREWRITESPECIFIER_NOT_SET;
            Formatter formatter = newer("path_rewrite", format, taken, context);
            return formatter == null ? null : new PathRewrite.Formatted(formatter);
        }
        return switch (specifier) {
            case PATH_REDIRECT -> new PathRewrite.Whole(Octets.of(action.getPathRedirect()));
            case PREFIX_REWRITE -> new PathRewrite.Prefix(Octets.of(action.getPrefixRewrite()));
            case REGEX_REWRITE -> substitute(action.getRegexRewrite(), context.at("regex_rewrite"));
            case PATHREWRITESPECIFIER_NOT_SET -> null;
        };
    }

    static Redirect redirect(RedirectAction action, CompileContext context) {
        String scheme =
                switch (action.getSchemeRewriteSpecifierCase()) {
                    case HTTPS_REDIRECT -> action.getHttpsRedirect() ? "https" : null;
                    case SCHEME_REDIRECT -> action.getSchemeRedirect();
                    case SCHEMEREWRITESPECIFIER_NOT_SET -> null;
                };
        int code =
                switch (action.getResponseCode()) {
                    case FOUND -> 302;
                    case SEE_OTHER -> 303;
                    case TEMPORARY_REDIRECT -> 307;
                    case PERMANENT_REDIRECT -> 308;
                    case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
                };
        return new Redirect(
                scheme == null || scheme.isEmpty() ? null : scheme,
                action.getHostRedirect().isEmpty() ? null : Octets.of(action.getHostRedirect()),
                action.getPortRedirect(),
                path(action, context),
                code,
                action.getStripQuery());
    }
}
