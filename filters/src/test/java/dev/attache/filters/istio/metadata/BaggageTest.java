package dev.attache.filters.istio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BaggageTest {

    @Test
    void tellsAWorkload() {
        WorkloadMetadata workload =
                Baggage.parse(
                        "k8s.deployment.name=cart,k8s.cluster.name=east,k8s.namespace.name=shop,"
                                + "service.name=s,service.version=v3,app.name=a,app.version=9,"
                                + "k8s.instance.name=i,cloud.region=r,cloud.availability_zone=z,"
                                + "unknown=x,nothing",
                        "spiffe://d/ns/shop/sa/cart");
        assertThat(workload.serializeAsString())
                .isEqualTo(
                        "type=deployment,workload=cart,name=i,cluster=east,namespace=shop,"
                                + "service=s,revision=v3,app=a,version=9,region=r,"
                                + "availability_zone=z");
        assertThat(workload.identity()).isEqualTo("spiffe://d/ns/shop/sa/cart");
    }

    @ParameterizedTest
    @CsvSource({
        "service.name=s;service.version=v, s s v v",
        "app.name=a;app.version=v, a a v v",
        "app.name=a;service.name=s, s a '' ''",
        "service.name=s;app.name=a, s a '' ''"
    })
    void serviceAndApplicationStandInForEachOther(String text, String expected) {
        WorkloadMetadata workload = Baggage.parse(text.replace(';', ','), "");
        assertThat(
                        workload.canonicalName()
                                + " "
                                + workload.appName()
                                + " "
                                + quoted(workload.canonicalRevision())
                                + " "
                                + quoted(workload.appVersion()))
                .isEqualTo(expected);
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "''" : text;
    }

    @ParameterizedTest
    @CsvSource({
        "k8s.pod.name, POD",
        "k8s.deployment.name, DEPLOYMENT",
        "k8s.job.name, JOB",
        "k8s.cronjob.name, CRON_JOB"
    })
    void theNameTellsTheTypeAndComesBack(String key, WorkloadType type) {
        WorkloadMetadata workload = Baggage.parse(key + "=w", "");
        assertThat(workload.type()).isEqualTo(type);
        assertThat(workload.workload()).isEqualTo("w");
        assertThat(Baggage.of(workload)).isEqualTo(key + "=w");
    }

    @Test
    void isWrittenInOrder() {
        String text =
                "k8s.deployment.name=cart,service.name=s,app.name=a,service.version=v3,"
                        + "app.version=9,k8s.namespace.name=shop,k8s.cluster.name=east,"
                        + "k8s.instance.name=i,cloud.region=r,cloud.availability_zone=z";
        assertThat(Baggage.of(Baggage.parse(text, ""))).isEqualTo(text);
        assertThat(Baggage.of(Baggage.parse("service.name=s,app.version=1", "")))
                .isEqualTo("service.name=s,service.version=1");
    }

    @Test
    void whatIsNotKnownIsNotWritten() {
        WorkloadBuilder workload = new WorkloadBuilder();
        assertThat(Baggage.of(workload.build())).isEmpty();
        workload.workload = "w";
        assertThat(Baggage.of(workload.build())).isEqualTo("k8s.pod.name=w");
    }

    @Test
    void aValueEndsAtASecondEqualsSign() {
        assertThat(Baggage.parse("k8s.namespace.name=a=b", "").namespace()).isEqualTo("a");
    }
}
