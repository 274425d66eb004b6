package dev.attache.server.review.useless;

import dev.attache.config.Diagnostic;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.route.match.CoverIndex;
import dev.attache.proxy.route.match.MatchCover;
import dev.attache.proxy.route.match.MatchText;
import java.util.List;
import java.util.function.Consumer;

/** Routes in front of which another one takes all that they would match. Pure. */
final class UnreachedRoutes {

    /** Of the routes of one virtual host: a second or two. */
    private static final int MOST_COMPARISONS = 2_000_000;

    private UnreachedRoutes() {}

    static void find(UsedTable table, Consumer<Diagnostic> found) {
        find(table, MOST_COMPARISONS, found);
    }

    /**
     * @param comparisons how many there may be in each virtual host
     */
    static void find(UsedTable table, int comparisons, Consumer<Diagnostic> found) {
        List<VirtualHost> hosts = table.table().virtualHosts();
        for (int i = 0; i < hosts.size(); i++) {
            List<Route> routes = hosts.get(i).routes();
            CoverIndex index = new CoverIndex(comparisons);
            for (int j = 0; j < routes.size(); j++) {
                boolean compared = !index.isExhausted();
                int first = compared ? index.add(routes.get(j).spec().match()) : CoverIndex.NONE;
                if (compared && index.isExhausted()) {
                    found.accept(notCompared(table, i, routes, j, comparisons));
                }
                if (isNeverDrawn(table, i, routes, j)) {
                    found.accept(neverDrawn(table, i, routes, j));
                } else if (first != CoverIndex.NONE) {
                    found.accept(neverReached(table, i, routes, j, first));
                }
            }
        }
    }

    private static boolean isNeverDrawn(UsedTable table, int host, List<Route> routes, int at) {
        return MatchCover.takesNothing(routes.get(at).spec().match())
                && table.message()
                        .getVirtualHosts(host)
                        .getRoutes(at)
                        .getMatch()
                        .getRuntimeFraction()
                        .getRuntimeKey()
                        .isEmpty();
    }

    private static Diagnostic neverDrawn(UsedTable table, int host, List<Route> routes, int at) {
        return table.route(host, at)
                .warning(
                        "match.runtime_fraction",
                        called(routes, at) + " is never taken: 0 of all requests are drawn",
                        "draw some, or take the route out");
    }

    private static Diagnostic neverReached(
            UsedTable table, int host, List<Route> routes, int at, int first) {
        return table.route(host, at)
                .warning(
                        "match",
                        called(routes, at)
                                + " is never reached: "
                                + called(routes, first)
                                + " in front of it, "
                                + MatchText.path(routes.get(first).spec().match().path())
                                + ", takes all that it would",
                        "move it in front of that one, or take it out");
    }

    private static Diagnostic notCompared(
            UsedTable table, int host, List<Route> routes, int at, int comparisons) {
        return table.host(host)
                .warning(
                        "routes",
                        "whether "
                                + called(routes, at)
                                + " and those behind it are reached is not looked at: it would take"
                                + " more than "
                                + comparisons
                                + " comparisons",
                        "ask the expressions and the routes of one path in a matcher, or spread"
                                + " them over virtual hosts");
    }

    private static String called(List<Route> routes, int at) {
        String name = routes.get(at).spec().name();
        return name.isEmpty() ? "route " + at : "route " + at + " '" + name + "'";
    }
}
