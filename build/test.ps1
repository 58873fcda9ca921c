# Windows: builds everything and runs all the tests; the last line counts them.
# Arguments go to `dotnet test`:  build/test.ps1 --filter ClassName~Clipper
$ErrorActionPreference = 'Stop'

if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
    Write-Host "missing: the .NET 10 SDK. Get it from https://dot.net/download; 'dotnet' has to be on the PATH."
    exit 1
}

$root = Split-Path -Parent $PSScriptRoot
$solution = Join-Path $root 'Microsoft.ML.GradientStability.sln'
$results = Join-Path $root 'TestResults'
if (Test-Path -LiteralPath $results) { Remove-Item -LiteralPath $results -Recurse -Force }

# One test project after the other: each may use every core.
$common = @($solution, '-c', 'Release', '--nologo')
$build = @('build') + $common + @('-v', 'q')
$test = @('test') + $common + @('--no-build', '-m:1', '--logger', 'trx', '--results-directory', $results) + $args
& dotnet $build
$status = $LASTEXITCODE
if ($status -eq 0) {
    & dotnet $test
    $status = $LASTEXITCODE
}

$passed = 0
$failed = 0
foreach ($file in @(Get-ChildItem -LiteralPath $results -Filter *.trx -ErrorAction SilentlyContinue)) {
    $run = New-Object System.Xml.XmlDocument
    $run.Load($file.FullName)
    $counters = $run.TestRun.ResultSummary.Counters
    $passed += [int]$counters.passed
    $failed += [int]$counters.failed + [int]$counters.error + [int]$counters.timeout + [int]$counters.aborted
}

if ($status -ne 0 -and $failed -eq 0) { Write-Host "test: the build or a test run broke off, see above (exit status $status)" }
if ($status -eq 0 -and $passed -eq 0) { Write-Host 'test: no test ran' }
Write-Host "$passed passed, $failed failed"
if ($status -ne 0 -or $passed -eq 0 -or $failed -gt 0) { exit 1 }
exit 0
