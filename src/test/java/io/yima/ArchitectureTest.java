package io.yima;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The house rules of the design that a compiler does not hold. */
class ArchitectureTest {

  /** From the ground up: a room may use those before it. */
  private static final List<String> ROOMS =
      List.of(
          "secrets",
          "database",
          "tenancy",
          "wechat",
          "work",
          "api",
          "limits",
          "security",
          "webhook",
          "provider",
          "authorizer",
          "quota",
          "codes",
          "packages",
          "activations",
          "lookups",
          "readiness",
          "callback",
          "gateway",
          "console",
          "observability",
          "demo");

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.yima");

  @Test
  void rooms_use_only_those_below_them() {
    for (int i = 0; i < ROOMS.size(); i++) {
      String[] above =
          ROOMS.subList(i + 1, ROOMS.size()).stream()
              .map(ArchitectureTest::packages)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(packages(ROOMS.get(i)))
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.yima")
                  .or(resideInAPackage(packages("sandbox")))
                  .or(DescribedPredicate.describe("rooms above", c -> isIn(c, above))))
          .allowEmptyShould(true)
          .check(MAIN);
    }
  }

  @Test
  void the_sandbox_stands_apart() {
    noClasses()
        .that()
        .resideInAPackage(packages("sandbox"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("io.yima..").and(not(resideInAPackage(packages("sandbox")))))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void every_package_is_a_known_room_that_says_what_it_owns() throws IOException {
    List<String> packages = MAIN.stream().map(JavaClass::getPackageName).distinct().toList();

    for (String name : packages) {
      assertThat(name)
          .matches(
              n -> n.equals("io.yima") || n.equals("io.yima.sandbox") || ROOMS.contains(room(n)));
      var info =
          java.nio.file.Path.of("src/main/java", name.replace('.', '/'), "package-info.java");
      assertThat(Files.readString(info)).as(name).contains("@NullMarked");
    }
  }

  @Test
  void rooms_form_no_cycles() {
    slices().matching("io.yima.(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void names_carry_the_business() {
    noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|DTO|Dto)").check(MAIN);
    noClasses()
        .that()
        .areInterfaces()
        .should()
        .haveSimpleNameStartingWith("I")
        .andShould()
        .haveNameMatching(".*\\.I[A-Z][a-z].*")
        .check(MAIN);
  }

  @Test
  void resources_are_called_so() {
    classes()
        .that()
        .areAnnotatedWith(Path.class)
        .and()
        .areNotInterfaces()
        .should()
        .haveSimpleNameEndingWith("Resource")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void every_operation_of_the_api_asks_for_a_scope() {
    methods().that(areOperations()).should(askForScope()).check(MAIN);
  }

  @Test
  void operations_are_public_for_quarkus_rest_passes_over_others() {
    methods().that(areOperations()).should().bePublic().check(MAIN);
  }

  @Test
  void time_comes_from_a_clock() {
    noClasses()
        .that(
            not(simpleNameEndingWith("DatabaseClock"))
                .and(not(resideInAPackage(packages("sandbox")))))
        .should()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(OffsetDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Clock.class, "systemDefaultZone")
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "times without a zone",
                c -> c.isEquivalentTo(LocalDateTime.class) || c.isEquivalentTo(Date.class)))
        .check(MAIN);
  }

  /** There alone what took too long is told from bugs, and the provider named to PostgreSQL. */
  @Test
  void transactions_begin_in_one_place() {
    methods().should().notBeAnnotatedWith(Transactional.class).check(MAIN);
    classes().should().notBeAnnotatedWith(Transactional.class).check(MAIN);
  }

  @Test
  void only_the_start_of_the_embedded_database_sleeps() {
    noClasses()
        .that()
        .doNotHaveSimpleName("EmbeddedPostgres")
        .and(not(resideInAPackage(packages("sandbox"))))
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(MAIN);
  }

  @Test
  void beans_are_given_what_they_need_by_their_constructor() {
    fields().should().notBeAnnotatedWith(Inject.class).check(MAIN);
  }

  private static DescribedPredicate<JavaMethod> areOperations() {
    return DescribedPredicate.describe(
        "are operations under /api",
        method ->
            method.getOwner().isAnnotatedWith(Path.class)
                && method.getOwner().getAnnotationOfType(Path.class).value().startsWith("/api")
                && method.getAnnotations().stream()
                    .anyMatch(a -> a.getRawType().isAnnotatedWith(HttpMethod.class)));
  }

  private static ArchCondition<JavaMethod> askForScope() {
    Set<String> scopes = Set.of("read", "write", "tokens", "codes", "gateway", "operator");
    return new ArchCondition<>("have @RolesAllowed with known scopes") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        boolean asks =
            method.isAnnotatedWith(RolesAllowed.class)
                && Stream.of(method.getAnnotationOfType(RolesAllowed.class).value())
                    .allMatch(scopes::contains);
        events.add(new SimpleConditionEvent(method, asks, method.getFullName()));
      }
    };
  }

  private static boolean isIn(JavaClass candidate, String... packages) {
    return Stream.of(packages).anyMatch(p -> resideInAPackage(p).test(candidate));
  }

  private static String packages(String room) {
    return "io.yima." + room + "..";
  }

  private static String room(String packageName) {
    return packageName.split("\\.")[2];
  }
}
