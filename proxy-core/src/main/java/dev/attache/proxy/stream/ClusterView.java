package dev.attache.proxy.stream;

/** What a stream tells of the cluster it goes to, as it is when it is asked. Loop-confined. */
public interface ClusterView {

    /** How many hosts it has, well or not. */
    int members();
}
