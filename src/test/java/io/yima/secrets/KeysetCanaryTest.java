package io.yima.secrets;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class KeysetCanaryTest {

  @Inject
  @DataSource("worker")
  AgroalDataSource worker;

  @Inject Sealer sealer;

  @Test
  void the_keyset_that_filled_the_database_may_start_again() {
    assertThatCode(() -> new KeysetCanary(worker, sealer).check(new StartupEvent()))
        .doesNotThrowAnyException();
  }

  @Test
  void another_keyset_stops_the_start_and_says_so() {
    Sealer other = new Sealer(MasterKeyset.parse(MasterKeyset.generate().reveal()));

    assertThatThrownBy(() -> new KeysetCanary(worker, other).check(new StartupEvent()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not the keyset that sealed this database");
  }
}
