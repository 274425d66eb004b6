package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;

/** The connection manager of one chain on one worker. Loop-confined. */
final class HttpConnectionManagerFactory implements NetworkFilterFactory {

    HttpConnectionManagerFactory(HttpConnectionManagerSpec spec, NetworkFilterContext context) {}

    @Override
    public NetworkFilter newFilter(Connection connection) {
        throw new UnsupportedOperationException("the connection manager follows");
    }
}
