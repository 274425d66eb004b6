// A control plane for the conformance tests: go-control-plane's snapshot cache and server, SotW and delta,
// ADS. It serves one listener with RDS and one cluster with EDS, and changes the route and the endpoint
// when told to over HTTP. State is asked for over the same HTTP port:
//
//	GET  /acks      one line per acknowledged response: "type version"
//	GET  /nacks     one line per refused response: "type message"
//	POST /next?upstream=PORT&body=TEXT   publish the next snapshot
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	router "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	discovery "github.com/envoyproxy/go-control-plane/envoy/service/discovery/v3"
	"github.com/envoyproxy/go-control-plane/pkg/cache/types"
	"github.com/envoyproxy/go-control-plane/pkg/cache/v3"
	"github.com/envoyproxy/go-control-plane/pkg/resource/v3"
	"github.com/envoyproxy/go-control-plane/pkg/server/v3"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
)

// record keeps what proxies answered.
type record struct {
	mu    sync.Mutex
	acks  []string
	nacks []string
}

func (r *record) add(list *[]string, line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*list = append(*list, line)
}

func (r *record) sotw(_ int64, req *discovery.DiscoveryRequest) error {
	if req.GetErrorDetail() != nil {
		r.add(&r.nacks, req.GetTypeUrl()+" "+req.GetErrorDetail().GetMessage())
	} else if req.GetResponseNonce() != "" {
		r.add(&r.acks, req.GetTypeUrl()+" "+req.GetVersionInfo())
	}
	return nil
}

func (r *record) delta(_ int64, req *discovery.DeltaDiscoveryRequest) error {
	if req.GetErrorDetail() != nil {
		r.add(&r.nacks, req.GetTypeUrl()+" "+req.GetErrorDetail().GetMessage())
	} else if req.GetResponseNonce() != "" {
		r.add(&r.acks, req.GetTypeUrl()+" delta")
	}
	return nil
}

func (r *record) write(w http.ResponseWriter, list *[]string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	fmt.Fprintln(w, strings.Join(*list, "\n"))
}

func anyOf(m proto.Message) *anypb.Any {
	a, err := anypb.New(m)
	if err != nil {
		log.Fatal(err)
	}
	return a
}

func address(port uint32) *core.Address {
	return &core.Address{Address: &core.Address_SocketAddress{SocketAddress: &core.SocketAddress{
		Address: "127.0.0.1", PortSpecifier: &core.SocketAddress_PortValue{PortValue: port}}}}
}

func ads() *core.ConfigSource {
	return &core.ConfigSource{ResourceApiVersion: core.ApiVersion_V3,
		ConfigSourceSpecifier: &core.ConfigSource_Ads{Ads: &core.AggregatedConfigSource{}}}
}

func snapshot(version, listenPort, upstreamPort int, header string) (*cache.Snapshot, error) {
	manager := &hcm.HttpConnectionManager{
		StatPrefix: "gcp",
		RouteSpecifier: &hcm.HttpConnectionManager_Rds{Rds: &hcm.Rds{
			ConfigSource: ads(), RouteConfigName: "route"}},
		HttpFilters: []*hcm.HttpFilter{{Name: "http-router",
			ConfigType: &hcm.HttpFilter_TypedConfig{TypedConfig: anyOf(&router.Router{})}}},
	}
	return cache.NewSnapshot(strconv.Itoa(version), map[resource.Type][]types.Resource{
		resource.ClusterType: {&cluster.Cluster{
			Name: "cluster", ConnectTimeout: durationpb.New(time.Second),
			ClusterDiscoveryType: &cluster.Cluster_Type{Type: cluster.Cluster_EDS},
			EdsClusterConfig:     &cluster.Cluster_EdsClusterConfig{EdsConfig: ads()}}},
		resource.EndpointType: {&endpoint.ClusterLoadAssignment{ClusterName: "cluster",
			Endpoints: []*endpoint.LocalityLbEndpoints{{LbEndpoints: []*endpoint.LbEndpoint{{
				HostIdentifier: &endpoint.LbEndpoint_Endpoint{
					Endpoint: &endpoint.Endpoint{Address: address(uint32(upstreamPort))}}}}}}}},
		resource.ListenerType: {&listener.Listener{Name: "listener", Address: address(uint32(listenPort)),
			FilterChains: []*listener.FilterChain{{Filters: []*listener.Filter{{
				Name:       "http-connection-manager",
				ConfigType: &listener.Filter_TypedConfig{TypedConfig: anyOf(manager)}}}}}}},
		resource.RouteType: {&route.RouteConfiguration{Name: "route",
			VirtualHosts: []*route.VirtualHost{{Name: "all", Domains: []string{"*"},
				Routes: []*route.Route{{
					Match: &route.RouteMatch{PathSpecifier: &route.RouteMatch_Prefix{Prefix: "/"}},
					Action: &route.Route_Route{Route: &route.RouteAction{
						ClusterSpecifier: &route.RouteAction_Cluster{Cluster: "cluster"}}},
					ResponseHeadersToAdd: []*core.HeaderValueOption{{
						Header: &core.HeaderValue{Key: "x-version", Value: header}}}}}}}}},
	})
}

func main() {
	xds := flag.Int("xds", 18000, "port of the xDS server")
	control := flag.Int("control", 18001, "port of the HTTP control interface")
	listen := flag.Int("listener", 10000, "port of the listener that is served")
	upstream := flag.Int("upstream", 8080, "port of the endpoint that is served")
	node := flag.String("node", "test-id", "node id that is served")
	flag.Parse()

	seen := &record{}
	snapshots := cache.NewSnapshotCache(true, cache.IDHash{}, nil)
	version := 0
	publish := func(port int, header string) error {
		version++
		next, err := snapshot(version, *listen, port, header)
		if err != nil {
			return err
		}
		return snapshots.SetSnapshot(context.Background(), *node, next)
	}
	if err := publish(*upstream, "first"); err != nil {
		log.Fatal(err)
	}
	callbacks := server.CallbackFuncs{StreamRequestFunc: seen.sotw, StreamDeltaRequestFunc: seen.delta}
	grpcServer := grpc.NewServer()
	discovery.RegisterAggregatedDiscoveryServiceServer(grpcServer,
		server.NewServer(context.Background(), snapshots, callbacks))
	socket, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *xds))
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(grpcServer.Serve(socket)) }()

	http.HandleFunc("/acks", func(w http.ResponseWriter, _ *http.Request) { seen.write(w, &seen.acks) })
	http.HandleFunc("/nacks", func(w http.ResponseWriter, _ *http.Request) { seen.write(w, &seen.nacks) })
	http.HandleFunc("/next", func(w http.ResponseWriter, r *http.Request) {
		port, err := strconv.Atoi(r.URL.Query().Get("upstream"))
		if err == nil {
			err = publish(port, r.URL.Query().Get("body"))
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	log.Fatal(http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", *control), nil))
}
