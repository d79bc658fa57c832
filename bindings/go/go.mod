module secscan.example/go/secscan

go 1.23
