package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.route.match.MatchCover;
import dev.attache.proxy.route.match.MatchText;
import dev.attache.proxy.route.match.RouteMatcher;
import java.util.List;
import java.util.function.Consumer;

/** Routes in front of which another one takes all that they would match. Pure. */
final class UnreachedRoutes {

    private UnreachedRoutes() {}

    static void find(UsedTable table, Consumer<Diagnostic> found) {
        List<VirtualHost> hosts = table.table().virtualHosts();
        for (int i = 0; i < hosts.size(); i++) {
            List<Route> routes = hosts.get(i).routes();
            for (int j = 0; j < routes.size(); j++) {
                find(table, i, routes, j, found);
            }
        }
    }

    private static void find(
            UsedTable table, int host, List<Route> routes, int at, Consumer<Diagnostic> found) {
        RouteMatcher match = routes.get(at).spec().match();
        boolean drawn =
                !table.message()
                        .getVirtualHosts(host)
                        .getRoutes(at)
                        .getMatch()
                        .getRuntimeFraction()
                        .getRuntimeKey()
                        .isEmpty();
        if (MatchCover.takesNothing(match) && !drawn) {
            found.accept(
                    table.route(host, at)
                            .warning(
                                    "match.runtime_fraction",
                                    called(routes, at)
                                            + " is never taken: 0 of all requests are drawn",
                                    "draw some, or take the route out"));
            return;
        }
        for (int i = 0; i < at; i++) {
            if (MatchCover.covers(routes.get(i).spec().match(), match)) {
                found.accept(
                        table.route(host, at)
                                .warning(
                                        "match",
                                        called(routes, at)
                                                + " is never reached: "
                                                + called(routes, i)
                                                + " in front of it, "
                                                + MatchText.path(
                                                        routes.get(i).spec().match().path())
                                                + ", takes all that it would",
                                        "move it in front of that one, or take it out"));
                return;
            }
        }
    }

    private static String called(List<Route> routes, int at) {
        String name = routes.get(at).spec().name();
        return name.isEmpty() ? "route " + at : "route " + at + " '" + name + "'";
    }
}
