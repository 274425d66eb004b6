package dev.attache.config.route;

import com.github.xds.core.v3.TypedExtensionConfig;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.MatchInputs;
import dev.attache.config.matching.MatchTrees;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.route.RouteChoice;
import dev.attache.proxy.stream.HttpMatchData;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteList;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code VirtualHost.matcher}: picks a {@code Route} or a {@code RouteList} in place of {@code
 * routes}. As in Envoy, nobody asks whether the clusters of these exist.
 */
final class RouteChoiceCompiler {
    private static final String ROUTE = "envoy.config.route.v3.Route";
    private static final String ROUTE_LIST = "envoy.config.route.v3.RouteList";

    /** Of inputs that look at requests; those of any tree may stand here, too. */
    private static final Set<String> INPUTS =
            Set.of(
                    "envoy.type.matcher.v3.HttpRequestHeaderMatchInput",
                    "envoy.extensions.matching.common_inputs.network.v3.FilterStateInput",
                    "xds.type.matcher.v3.HttpAttributesCelMatchInput");

    private final RouteScope scope;
    private final List<RouteChoice> choices = new ArrayList<>();

    private RouteChoiceCompiler(RouteScope scope) {
        this.scope = scope;
    }

    /** Null where there is none, or where it is wrong, which has been reported. */
    static RouteChoice.@Nullable Matcher compile(
            VirtualHost host, RouteScope scope, CompileContext context) {
        if (!host.hasMatcher()) {
            return null;
        }
        CompileContext at = context.at("matcher");
        if (host.getRoutesCount() > 0) {
            at.error("cannot set both matcher and routes on virtual host");
        }
        RouteChoiceCompiler compiler = new RouteChoiceCompiler(scope.unvalidated());
        MatchTree<HttpMatchData, RouteChoice> tree =
                MatchTrees.of(RouteChoiceCompiler::input, compiler::action)
                        .compile(host.getMatcher(), at);
        return tree == null ? null : new RouteChoice.Matcher(tree, compiler.choices);
    }

    private static @Nullable MatchInput<HttpMatchData> input(
            TypedExtensionConfig config, CompileContext context) {
        if (!MatchInputs.isOfRequests(config.getTypedConfig(), context)
                || INPUTS.contains(CompileContext.messageType(config.getTypedConfig()))) {
            return MatchInputs.http(config, context);
        }
        context.at("typed_config")
                .error(
                        "Route table can only match on request headers, saw "
                                + config.getTypedConfig().getTypeUrl());
        return null;
    }

    private @Nullable RouteChoice action(TypedExtensionConfig config, CompileContext context) {
        CompileContext at = context.at("typed_config");
        String type = CompileContext.messageType(config.getTypedConfig());
        switch (type) {
            case ROUTE -> {
                Route route = at.unpack(config.getTypedConfig(), Route.getDefaultInstance());
                return route == null ? null : choice(List.of(route), List.of(at));
            }
            case ROUTE_LIST -> {
                RouteList list = at.unpack(config.getTypedConfig(), RouteList.getDefaultInstance());
                if (list == null) {
                    return null;
                }
                List<CompileContext> places = new ArrayList<>();
                for (int i = 0; i < list.getRoutesCount(); i++) {
                    places.add(at.at("routes", i));
                }
                return choice(list.getRoutesList(), places);
            }
            default -> {
                at.missing(config.getName(), type);
                return null;
            }
        }
    }

    private @Nullable RouteChoice choice(List<Route> routes, List<CompileContext> places) {
        List<dev.attache.proxy.route.Route.Spec> specs = new ArrayList<>();
        for (int i = 0; i < routes.size(); i++) {
            var spec = RouteCompiler.compile(routes.get(i), scope, places.get(i));
            if (spec == null) {
                return null;
            }
            specs.add(spec);
        }
        RouteChoice choice = new RouteChoice(specs);
        choices.add(choice);
        return choice;
    }
}
