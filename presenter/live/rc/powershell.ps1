# Read by the PowerShell of a demo, after the speaker's profile. Written to the manual: not run yet.
$global:PresenterFolder = '@FOLDER@'

function global:Write-PresenterMark([string] $Kind) {
    $nonce = [IO.File]::ReadAllText("$PresenterFolder/nonce").Trim()
    [Console]::Write("$([char]27)]133;$Kind;$nonce$([char]7)")
}

function global:Write-PresenterReport {
    $records = @($PWD.ProviderPath)
    foreach ($name in [IO.File]::ReadAllLines("$PresenterFolder/names")) {
        $value = Get-Variable -Name $name -Scope Global -ValueOnly -ErrorAction Ignore
        if ($null -eq $value) { $value = [Environment]::GetEnvironmentVariable($name) }
        if ($null -ne $value) { $records += "$name=$value" }
    }
    $records += ''
    foreach ($entry in [Environment]::GetEnvironmentVariables().GetEnumerator()) {
        $records += "$($entry.Key)=$($entry.Value)"
    }
    $text = ($records -join [char]0) + [char]0
    [IO.File]::WriteAllText("$PresenterFolder/state.new", $text)
    Move-Item -Force "$PresenterFolder/state.new" "$PresenterFolder/state"
}

function global:Start-PresenterCommand {
    $global:LASTEXITCODE = 0
    Write-PresenterMark 'C'
    [scriptblock]::Create([IO.File]::ReadAllText("$PresenterFolder/command"))
}

function global:prompt {
    $succeeded = $?
    $status = if ($succeeded) { 0 } elseif ($LASTEXITCODE) { $LASTEXITCODE -band 255 } else { 1 }
    Write-PresenterReport
    Write-PresenterMark "D;$status"
    Write-PresenterMark 'A'
    $text = [IO.File]::ReadAllText("$PresenterFolder/prompt")
    "$([char]27)]133;P$([char]7)$text$([char]27)]133;B$([char]7)"
}

if (Get-Module -Name PSReadLine) {
    Set-PSReadLineOption -HistorySaveStyle SaveNothing
    Set-PSReadLineOption -PredictionSource None -ErrorAction Ignore
}
