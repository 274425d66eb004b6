package dev.attache.filters.http.grpc_web;

import dev.attache.filters.grpc.GrpcCells;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** The filter has no settings; two are the same. */
record GrpcWebSpec() implements HttpFilterSpec {

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        GrpcCells cells = new GrpcCells(scope.stats().store(), scope.worker().index());
        return () -> new GrpcWebFilter(cells);
    }
}
