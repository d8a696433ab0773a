@echo off
rem Runs the Maven named in .mvn\maven.properties on a JDK that Yima can be built with, and fetches that Maven once.
rem MAVEN_USER_HOME moves %USERPROFILE%\.m2 for the fetched Maven.
setlocal EnableExtensions DisableDelayedExpansion
set "wanted_java=25"
set "project=%~dp0"
if "%project:~-1%"=="\" set "project=%project:~0,-1%"
for /f "usebackq eol=# tokens=1,* delims==" %%a in ("%project%\.mvn\maven.properties") do set "mvnw_%%a=%%b"

rem --- JDK

set "jdk="
if defined JAVA_HOME call :consider "%JAVA_HOME%"
if defined jdk goto jdk_found
for /f "delims=" %%j in ('where java.exe 2^>nul') do call :consider "%%~dpj.."
if defined jdk goto jdk_found
for %%r in ("%ProgramFiles%\Eclipse Adoptium" "%ProgramFiles%\Java" "%ProgramFiles%\Microsoft" "%ProgramFiles%\Zulu" "%ProgramFiles%\Amazon Corretto" "%ProgramFiles%\BellSoft" "%USERPROFILE%\.jdks") do for /d %%j in ("%%~r\*") do call :consider "%%~j"
if defined jdk goto jdk_found
echo mvnw: no JDK %wanted_java% or newer in JAVA_HOME, on PATH or in the usual places: install JDK %wanted_java%, Eclipse Temurin for example, or set JAVA_HOME to one.>&2
exit /b 1

:consider
if defined jdk exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
if not exist "%~1\release" exit /b 0
for /f "usebackq tokens=1,2 delims==" %%k in ("%~1\release") do if "%%k"=="JAVA_VERSION" for /f "delims=.-+" %%m in ("%%~l") do if %%m GEQ %wanted_java% set "jdk=%~f1"
exit /b 0

rem --- Maven

:jdk_found
set "user_home=%USERPROFILE%\.m2"
if defined MAVEN_USER_HOME set "user_home=%MAVEN_USER_HOME%"
set "dist=%user_home%\wrapper\dists\apache-maven-%mvnw_version%"
set "maven_home=%dist%\%mvnw_sha512:~0,32%"
if exist "%maven_home%\bin\mvn.cmd" goto run

echo mvnw: fetching Maven %mvnw_version%, this once>&2
set "url=%mvnw_fallback%/%mvnw_version%/binaries/apache-maven-%mvnw_version%-bin.zip"
set "fetch=%dist%\fetch.%RANDOM%%RANDOM%"
set "zip=%fetch%\apache-maven-%mvnw_version%-bin.zip"
mkdir "%fetch%\empty" 2>nul
if not exist "%fetch%\empty" goto not_writable
if not exist "%JAVA_HOME%\bin\java.exe" set "JAVA_HOME=%jdk%"
set "MAVEN_BASEDIR="
rem From an empty folder, so that neither this project's POM nor its .mvn\jvm.config has a say.
pushd "%fetch%\empty"
where mvn.cmd >nul 2>nul && call mvn.cmd -q -B "org.apache.maven.plugins:maven-dependency-plugin:%mvnw_dependencyPlugin%:copy" "-Dartifact=org.apache.maven:apache-maven:%mvnw_version%:zip:bin" "-DoutputDirectory=%fetch%" <nul >nul 2>nul
popd
if not exist "%zip%" curl.exe -fsSL --connect-timeout 10 -o "%zip%" "%url%" >nul 2>nul
if not exist "%zip%" goto not_fetched

set "actual=none"
for /f "usebackq skip=1 delims=" %%h in (`certutil -hashfile "%zip%" SHA512`) do call :first_line "%%h"
if /i not "%actual%"=="%mvnw_sha512%" goto refused
pushd "%fetch%"
"%jdk%\bin\jar.exe" xf "%zip%"
popd
rem Where another mvnw was faster, ours lands inside its folder and is removed again.
move "%fetch%\apache-maven-%mvnw_version%" "%maven_home%" >nul 2>nul
rd /s /q "%maven_home%\apache-maven-%mvnw_version%" 2>nul
rd /s /q "%fetch%" 2>nul
if not exist "%maven_home%\bin\mvn.cmd" goto damaged
goto run

:first_line
if not "%actual%"=="none" exit /b 0
set "actual=%~1"
set "actual=%actual: =%"
exit /b 0

:not_writable
echo mvnw: cannot write to "%dist%": set MAVEN_USER_HOME to a folder of yours.>&2
exit /b 1

:not_fetched
rd /s /q "%fetch%" 2>nul
echo mvnw: cannot get Maven %mvnw_version%: no installed mvn could fetch it, nor could curl from %url%>&2
exit /b 1

:refused
rd /s /q "%fetch%" 2>nul
echo mvnw: refusing Maven %mvnw_version%: the archive's SHA-512 is %actual%, not the one in .mvn\maven.properties.>&2
exit /b 1

:damaged
echo mvnw: Maven %mvnw_version% could not be unpacked, or is damaged: remove "%maven_home%" and start again.>&2
exit /b 1

:run
set "JAVA_HOME=%jdk%"
set "MAVEN_OPTS=%MAVEN_OPTS% --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED"
rem The launcher reads .mvn from here and passes it on as maven.multiModuleProjectDirectory, whatever folder it is started in.
set "MAVEN_BASEDIR=%project%"
"%maven_home%\bin\mvn.cmd" %*
